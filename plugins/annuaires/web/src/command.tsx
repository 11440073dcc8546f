// The slot "command": find somebody from wherever one is.
import { mounted } from '@/app/mount';
import { useApp } from '@/app/context';
import { Combobox } from '@/ui/combobox';
import type { Row } from '@/app/model';

function Find() {
  const { t, host, say, go } = useApp();
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
        if (!row) return;
        go({ screen: 'entry', directory: row.directory, entry: value });
        host.close();
      }}
    />
  );
}

export const mount = mounted(() => <Find />, { name: 'command' });
