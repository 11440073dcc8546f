// The open values of an entry, in the order and with the words of its directory.
import { useApp } from '@/app/context';
import type { Entry } from '@/app/model';
import { same } from '@/pure/diff';
import { Card } from '@/ui/parts';
import { ValueLine } from '@/ui/value';

export function PublicValues({ entry }: { entry: Entry }) {
  const { t } = useApp();
  const shown = (entry.fields ?? []).filter(({ key }) => !same(entry.values[key], null));
  return (
    <Card>
      {shown.length === 0 && <p class="an-hint">{t('web.entry.values_none')}</p>}
      <dl class="an-values">
        {shown.map((field) => (
          <ValueLine key={field.key} field={field} entry={entry} />
        ))}
      </dl>
      <p class="an-hint">{t('web.portal.open')}</p>
    </Card>
  );
}
