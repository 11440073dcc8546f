// The open values of an entry, in the order and with the words of its directory.
import { useApp } from '@/app/context';
import type { Entry } from '@/app/model';
import { same } from '@/pure/diff';
import { Card } from '@/ui/parts';
import { Value } from '@/ui/value';

export function PublicValues({ entry }: { entry: Entry }) {
  const { t, say } = useApp();
  const shown = (entry.fields ?? []).filter(({ key }) => !same(entry.values[key], null));
  return (
    <Card>
      {shown.length === 0 && <p class="an-hint">{t('web.entry.values_none')}</p>}
      <dl class="an-values">
        {shown.map((field) => (
          <div key={field.key}>
            <dt>{say(field.label) || field.key}</dt>
            <dd>
              <Value field={field} value={entry.values[field.key]} around={entry} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="an-hint">{t('web.portal.open')}</p>
    </Card>
  );
}
