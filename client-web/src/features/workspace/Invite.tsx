import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Check from 'icon:check';
import Copy from 'icon:copy';
import { fieldError, formError, makeInvitation, type Role, type Workspace } from '@/api';
import { useBootstrap } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField } from '@/ui';
import { roles } from './Members';

/** Makes a link that lets one person in, with a role. */
export function Invite({ space, onClose }: { space: Workspace; onClose: () => void }) {
  const { t, format, language } = useI18n();
  const [role, setRole] = useState<Role>('editor');
  const [email, setEmail] = useState('');
  const mail = useBootstrap().data?.instance.mail ?? false;
  const [letter, setLetter] = useState<'fr' | 'de'>(language);
  const [copied, setCopied] = useState(false);
  const make = useMutation({
    mutationFn: () =>
      makeInvitation({
        workspace_id: space.id,
        role,
        ...(email.trim() ? { email: email.trim(), language: letter } : {}),
      }),
  });
  const made = make.data;
  const address = made && new URL(made.url, location.origin).href;
  const copy = async () => {
    if (!address) return;
    try {
      await navigator.clipboard.writeText(address);
      setCopied(true);
    } catch {
      // Without the right to the clipboard (plain HTTP), the address is there to be selected.
      document.querySelector<HTMLInputElement>('.inv-u input')?.select();
    }
  };
  const above = formError(make.error, 'email', 'role');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Dialog title={t('invite.title', { space: space.name })} isOpen onClose={onClose}>
      {above && <ErrorNotice title={above} />}
      {made ? (
        <>
          {made.sent_to && <p role="status">{t('invite.sent', { email: made.sent_to })}</p>}
          <div className="inv-u">
            <TextField
              label={t('invite.address')}
              hint={t('invite.valid', { date: format.dateTime(made.expires_at), role: t(`role.${role}`) })}
              value={address ?? ''}
              isReadOnly
              onFocus={(event) => (event.target as HTMLInputElement).select?.()}
            />
          </div>
          <DialogFoot>
            <Button onPress={onClose}>{t('ui.close')}</Button>
            <Button kind="primary" icon={copied ? Check : Copy} onPress={() => void copy()} autoFocus>
              {t(copied ? 'invite.copied' : 'invite.copy')}
            </Button>
          </DialogFoot>
          <p className="vh" role="status">
            {copied ? t('invite.copied') : ''}
          </p>
        </>
      ) : (
        <form className="form" onSubmit={submit} noValidate>
          <Select
            label={t('members.role')}
            value={role}
            onChange={(key) => setRole(key as Role)}
            error={fieldError(make.error, 'role')}
          >
            {roles.map((each) => (
              <Option key={each} id={each} textValue={t(`role.${each}`)} note={t(`role.${each}.note`)}>
                {t(`role.${each}`)}
              </Option>
            ))}
          </Select>
          <TextField
            type="email"
            label={t('invite.email')}
            hint={t(mail ? 'invite.email.sent.hint' : 'invite.email.hint')}
            value={email}
            onChange={setEmail}
            error={fieldError(make.error, 'email')}
          />
          {mail && (
            <Select
              label={t('invite.language')}
              value={letter}
              onChange={(key) => setLetter(key as 'fr' | 'de')}
            >
              <Option id="fr" textValue={t('invite.language.fr')}>
                {t('invite.language.fr')}
              </Option>
              <Option id="de" textValue={t('invite.language.de')}>
                {t('invite.language.de')}
              </Option>
            </Select>
          )}
          <DialogFoot>
            <Button onPress={onClose}>{t('ui.cancel')}</Button>
            <Button type="submit" kind="primary" isPending={make.isPending}>
              {t(mail ? 'invite.send' : 'invite.submit')}
            </Button>
          </DialogFoot>
        </form>
      )}
    </Dialog>
  );
}
