// Which account an entry speaks of: that person may propose, confirm and take back consent.
import { useApp } from '@/app/context';
import { Combobox } from '@/ui/combobox';
import { Labelled } from '@/ui/fields';
import { Chips } from '../values_form';

interface Named {
  id: string;
  name: string;
}

export function Account({
  account,
  onAccount,
}: {
  account: Named | null;
  onAccount(account: Named | null): void;
}) {
  const { t, host } = useApp();
  const find = async (words: string) => {
    const { people } = (await host.core(`/people?q=${encodeURIComponent(words)}`)) as {
      people: (Named & { organisation?: { name?: string } | null })[];
    };
    return people
      .slice(0, 8)
      .map((one) => ({ value: one.id, label: one.name, detail: one.organisation?.name }));
  };
  return (
    <Labelled label={t('web.form.account')} hint={t('web.form.account_hint')}>
      {({ id, describedBy }) => (
        <>
          <Chips
            chosen={account ? [account.id] : []}
            nameOf={() => account?.name ?? ''}
            onRemove={() => onAccount(null)}
          />
          <Combobox
            id={id}
            describedBy={describedBy}
            placeholder={t('web.form.account_find')}
            find={find}
            onPick={(offer) => onAccount({ id: offer.value, name: offer.label })}
          />
        </>
      )}
    </Labelled>
  );
}
