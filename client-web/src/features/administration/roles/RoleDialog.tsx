import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  addRole,
  changeRole,
  previewRole,
  type Permission,
  type PermissionInfo,
  type RoleInfo,
  type RolePreview,
  type RoleText,
} from '@/api';
import { useForm } from '@/app/form';
import { useI18n } from '@/i18n';
import { Button, Checkbox, Dialog, DialogFoot, ErrorNotice, Notice, TextField, toast } from '@/ui';

const words = (list: PermissionInfo[]) => list.map((each) => each.words).join(', ');

/** Names a role in both languages and says what it permits. A role that was given shows first whom a change concerns. */
export function RoleDialog({
  role,
  initial,
  permissions,
  onClose,
}: {
  /** Null: a new one. */
  role: RoleInfo | null;
  initial: RoleText;
  permissions: PermissionInfo[];
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [chosen, setChosen] = useState<Permission[]>(initial.permissions);
  const look = useMutation({ mutationFn: () => previewRole(role?.id ?? '', chosen) });
  const send = useMutation({
    mutationFn: (text: RoleText) => (role ? changeRole(role.id, text) : addRole(text)),
    onSuccess: (saved) => {
      void client.invalidateQueries({ queryKey: ['roles'] });
      toast({ text: t('roles.saved', { name: saved.name }) });
      onClose();
    },
  });
  const form = useForm({ name_fr: initial.name_fr, name_de: initial.name_de }, send.error ?? look.error);
  const before = new Set(initial.permissions);
  const isSame = chosen.length === before.size && chosen.every((each) => before.has(each));
  const needsLook = role !== null && role.grant_count > 0 && !isSame && !look.data;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (needsLook) look.mutate();
    else send.mutate({ ...form.values, permissions: chosen });
  };
  const toggle = (id: Permission, on: boolean) => {
    setChosen(on ? [...chosen, id] : chosen.filter((each) => each !== id));
    look.reset();
    send.reset();
  };
  return (
    <Dialog title={role ? t('roles.edit.of', { name: role.name }) : t('roles.add')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <div className="adm-pair">
          <TextField label={t('roles.name.fr')} isRequired autoFocus {...form.field('name_fr')} />
          <TextField label={t('roles.name.de')} isRequired {...form.field('name_de')} />
        </div>
        <fieldset className="roles-choice">
          <legend className="lab">{t('roles.permissions')}</legend>
          {permissions.map((each) => (
            <Checkbox
              key={each.id}
              isSelected={chosen.includes(each.id)}
              onChange={(on) => toggle(each.id, on)}
            >
              {each.words}
            </Checkbox>
          ))}
        </fieldset>
        <div aria-live="polite">{look.data && <Preview preview={look.data} chosen={chosen} />}</div>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button
            type="submit"
            kind="primary"
            isPending={send.isPending || look.isPending}
            isDisabled={!form.filled('name_fr', 'name_de') || chosen.length === 0}
          >
            {t(needsLook ? 'roles.check' : 'roles.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function Preview({ preview, chosen }: { preview: RolePreview; chosen: Permission[] }) {
  const { t } = useI18n();
  const implied = preview.permissions.filter((each) => !chosen.includes(each.id));
  return (
    <Notice tone={preview.people_count > 0 ? 'wait' : 'ok'} title={t('roles.preview')}>
      <p>
        {preview.people_count > 0
          ? t('roles.preview.people', { count: preview.people_count })
          : t('roles.preview.none')}{' '}
        {implied.length > 0 && t('roles.implied', { list: words(implied) })}
      </p>
      <ul className="roles-effects">
        {preview.effects.map((each) => (
          <li key={`${each.person.id} ${each.scope.id ?? ''}`}>
            <p>
              <span className="strong">{each.person.name}</span>,{' '}
              {each.scope.kind === 'instance' ? t('roles.everywhere') : each.scope.name}
            </p>
            <p>
              {[
                each.gains.length > 0 && t('roles.gains', { list: words(each.gains) }),
                each.loses.length > 0 && t('roles.loses', { list: words(each.loses) }),
              ]
                .filter(Boolean)
                .join('; ')}
            </p>
          </li>
        ))}
      </ul>
      {!preview.is_complete && <p className="meta">{t('roles.preview.incomplete')}</p>}
    </Notice>
  );
}
