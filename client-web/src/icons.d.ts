declare module 'icon:*' {
  import type { IconType } from '@/ui/drawing';

  const Icon: IconType;
  export default Icon;
}
