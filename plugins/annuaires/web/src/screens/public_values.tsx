// The open values of an entry. Labels of fields are the keys with a meaning; a public reader is told no others.
import { useApp } from '@/app/context';
import type { Entry, FieldType } from '@/app/model';
import type { MessageKey } from '@/host';
import { same } from '@/pure/diff';
import { Card } from '@/ui/parts';
import { Value } from '@/ui/value';

const known: Record<string, FieldType> = {
  function: 'text',
  organisation: 'organisation',
  address: 'address',
  phone: 'phone',
  mobile: 'phone',
  email: 'email',
  website: 'url',
  languages: 'language',
  policies: 'choices',
  competences: 'choices',
  territory: 'territory',
  level: 'choice',
};

export function PublicValues({ entry }: { entry: Entry }) {
  const { t } = useApp();
  const shown = Object.entries(known).filter(([key]) => {
    return !same(entry.values[key], null);
  });
  return (
    <Card>
      {shown.length === 0 && <p class="an-hint">{t('web.entry.values_none')}</p>}
      <dl class="an-values">
        {shown.map(([key, type]) => (
          <div key={key}>
            <dt>{t(`web.known.${key}` as MessageKey)}</dt>
            <dd>
              <Value field={{ key, type, options: [] }} value={entry.values[key]} around={entry} />
            </dd>
          </div>
        ))}
      </dl>
      <p class="an-hint">{t('web.portal.open')}</p>
    </Card>
  );
}
