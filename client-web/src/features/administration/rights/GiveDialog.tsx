import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { giveGrant, type RightsRole, type RoleInfo } from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, toast } from '@/ui';
import { HolderChoice, ScopeChoice, type HolderValue, type ScopeValue } from '../choices';
import { DaysFields } from '../fields';

/** Gives a role: to whom, on what, from when to when. */
export function GiveDialog({
  roles,
  holder: known,
  onClose,
}: {
  roles: RoleInfo[];
  holder?: HolderValue;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [role, setRole] = useState<RightsRole>('reader');
  const [holder, setHolder] = useState<HolderValue | null>(known ?? null);
  const [scope, setScope] = useState<ScopeValue | null>(null);
  const send = useMutation({
    mutationFn: giveGrant,
    onSuccess: (grant) => {
      for (const key of ['grants', 'groups', 'group']) void client.invalidateQueries({ queryKey: [key] });
      toast({ text: t('rights.given', { name: grant.holder.name }) });
      onClose();
    },
  });
  const form = useForm({ first_day: '', last_day: '', holder: '', scope: '' }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!holder || !scope) return;
    const { first_day, last_day } = form.values;
    send.mutate({ role, holder, scope, first_day, last_day });
  };
  const chosen = roles.find((each) => each.id === role);
  return (
    <Dialog title={t('rights.give')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        {!known && (
          <HolderChoice
            kinds={['person', 'group', 'organisation', 'mandate']}
            error={form.errorOf('holder')}
            onChange={setHolder}
          />
        )}
        <Select
          label={t('rights.column.role')}
          hint={chosen?.permissions.map((each) => each.words).join(', ')}
          value={role}
          onChange={(key) => setRole(key as RightsRole)}
        >
          {roles.map((each) => (
            <Option key={each.id} id={each.id} textValue={each.name}>
              {each.name}
            </Option>
          ))}
        </Select>
        <ScopeChoice error={form.errorOf('scope')} onChange={setScope} />
        <DaysFields first={form.field('first_day')} last={form.field('last_day')} />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!holder || !scope}>
            {t('rights.give')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
