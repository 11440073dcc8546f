import { useI18n } from '@/i18n';

const kMegabyte = 1 << 20;

/** « 1,2 Mo »: sizes are never so exact that more would say anything. */
export function useSize(): (bytes: number) => string {
  const { t } = useI18n();
  return (bytes) => t('plugins.size.mb', { n: Math.ceil((bytes / kMegabyte) * 10) / 10 });
}
