import { paths } from '@/app/paths';
import { ExtensionScreen } from './Page';

/** `/e/<key>/…`: a screen of a plugin's inside the shell. */
export default function ExtensionPage({ name }: { name: string }) {
  return <ExtensionScreen slot="page" name={name} base={paths.extension(name)} />;
}
