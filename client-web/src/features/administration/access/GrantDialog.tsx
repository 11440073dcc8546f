import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Plus from 'icon:plus';
import { grantAccess, queries, type AccessRequest, type Id, type Role } from '@/api';
import { useForm } from '@/app/form';
import { EmailField } from '@/app/person_fields';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField, toast } from '@/ui';
import { OrganisationChoice } from '../fields';
import type { Handed } from '../HandedLink';

const roles: readonly Role[] = ['reader', 'commenter', 'editor', 'manager'];
type Space = { id: Id | 'none'; role: Role };

/** Lets somebody in: where she belongs, what she does there, and where she works. */
export function GrantDialog({
  request,
  onHanded,
  onClose,
}: {
  request: AccessRequest;
  onHanded: (handed: Handed) => void;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const name = request.name || request.email;
  const [organisation, setOrganisation] = useState<Id | null>(request.organisation_id);
  const [spaces, setSpaces] = useState<Space[]>([{ id: 'none', role: 'editor' }]);
  const send = useMutation({
    mutationFn: (body: Parameters<typeof grantAccess>[1]) => grantAccess(request.id, body),
    onSuccess: ({ url }) => {
      void client.invalidateQueries({ queryKey: ['people'] });
      toast({ text: t('access.granted', { name }) });
      if (url) onHanded({ name, url });
      onClose();
    },
    onSettled: () => void client.invalidateQueries({ queryKey: queries.accessRequests().queryKey }),
  });
  const form = useForm({ email: request.email, function: '', organisation_id: '' }, send.error, {
    email_taken: 'email',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = spaces.filter((each) => each.id !== 'none').map((each) => [each.id, each.role] as const);
    send.mutate({
      email: form.values.email.trim(),
      organisation_id: organisation,
      function: organisation ? form.values.function : '',
      workspaces: Object.fromEntries(chosen),
    });
  };
  return (
    <Dialog title={t('requests.open', { name })} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <EmailField label={t('access.email')} autoComplete="off" {...form.field('email')} />
        <OrganisationChoice
          label={t('requests.organisation')}
          {...(request.organisation
            ? { hint: t('requests.organisation.hint', { name: request.organisation }) }
            : {})}
          chosen={
            request.organisation_id ? { id: request.organisation_id, name: request.organisation } : null
          }
          error={form.errorOf('organisation_id')}
          onChange={setOrganisation}
        />
        <TextField
          label={t('requests.function')}
          hint={t('requests.function.hint')}
          isDisabled={!organisation}
          {...form.field('function')}
        />
        <Spaces spaces={spaces} onChange={setSpaces} />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!form.filled('email')}>
            {t('access.grant')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function Spaces({ spaces, onChange }: { spaces: Space[]; onChange: (spaces: Space[]) => void }) {
  const { t } = useI18n();
  const { data } = useQuery(queries.workspaces());
  const known = [{ id: 'none', name: t('requests.space.none') }, ...(data?.workspaces ?? [])];
  const set = (index: number, change: Partial<Space>) =>
    onChange(spaces.map((each, i) => (i === index ? { ...each, ...change } : each)));
  return (
    <>
      {spaces.map((each, index) => (
        <div className="adm-pair" key={index}>
          <Select
            label={t('requests.space')}
            value={each.id}
            onChange={(key) => set(index, { id: key as Id })}
          >
            {known
              .filter(
                (one) => one.id === each.id || one.id === 'none' || !spaces.some((s) => s.id === one.id),
              )
              .map((one) => (
                <Option key={one.id} id={one.id} textValue={one.name}>
                  {one.name}
                </Option>
              ))}
          </Select>
          {each.id !== 'none' && (
            <Select
              label={t('rights.column.role')}
              value={each.role}
              onChange={(key) => set(index, { role: key as Role })}
            >
              {roles.map((role) => (
                <Option key={role} id={role} textValue={t(`role.${role}`)}>
                  {t(`role.${role}`)}
                </Option>
              ))}
            </Select>
          )}
        </div>
      ))}
      {spaces.every((each) => each.id !== 'none') && (
        <div className="btns">
          <Button size="s" icon={Plus} onPress={() => onChange([...spaces, { id: 'none', role: 'editor' }])}>
            {t('requests.space.more')}
          </Button>
        </div>
      )}
    </>
  );
}
