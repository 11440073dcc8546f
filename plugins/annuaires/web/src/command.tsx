// The slot "command": find somebody from wherever one is.
import { mounted } from '@/app/mount';
import { useApp } from '@/app/context';
import { Combobox } from '@/ui/combobox';
import type { Row } from '@/app/model';

function Find() {
  const { t, host, say, href } = useApp();
  const rows = new Map<string, Row>();
  const find = async (words: string) => {
    const { json } = await host.api<{ hits: Row[] }>('GET', `/search?q=${encodeURIComponent(words)}&limit=8`);
    return json.hits.map((row) => {
      rows.set(String(row.id), row);
      return { value: String(row.id), label: say(row.name), detail: say(row.subtitle) || undefined };
    });
  };
  return (
    <Combobox
      label={t('web.command.find')}
      placeholder={t('web.command.find')}
      find={find}
      onPick={({ value }) => {
        const row = rows.get(value);
        if (row) host.navigate(href({ screen: 'entry', directory: row.directory, entry: value }));
      }}
    />
  );
}

export const mount = mounted(() => <Find />, { name: 'command' });
