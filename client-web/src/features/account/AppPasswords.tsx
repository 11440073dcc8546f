import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Copy from 'icon:copy';
import Plus from 'icon:plus';
import Trash from 'icon:trash-2';
import { addAppPassword, errorText, getAppPasswords, removeAppPassword, type AppPassword } from '@/api';
import { useProof } from '@/app/proof';
import { useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, Card, Dialog, DialogFoot, ErrorNotice, IconButton, Skeleton, TextField, toast } from '@/ui';

const queryKey = ['app-passwords'];

/** Passwords for programs: made, shown once, listed with their last use, revoked. */
export function AppPasswords() {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const proof = useProof();
  const [adding, setAdding] = useState(false);
  const [secret, setSecret] = useState<string | null>(null);
  const { data, error, refetch } = useQuery({ queryKey, queryFn: ({ signal }) => getAppPasswords(signal) });
  const refresh = () => client.invalidateQueries({ queryKey });
  const revoke = ({ id, name }: AppPassword) =>
    void proof.guard(async () => {
      await removeAppPassword(id);
      await refresh();
      toast({ text: t('account.apps.revoked', { name }) });
    });
  const all = data?.app_passwords;
  return (
    <Card title={t('account.apps')} {...(all ? { count: all.length } : {})}>
      <p className="panel-b muted mb-0">{t('account.apps.hint')}</p>
      {!all && (
        <div className="panel-b">
          {error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />}
        </div>
      )}
      <ul className="rows">
        {(all ?? []).map((each) => (
          <li key={each.id} className="row">
            <div className="grow">
              <p className="strong">{each.name}</p>
              <p className="meta">
                {each.last_used_at
                  ? t('account.apps.used', { when: format.ago(each.last_used_at) })
                  : t('account.apps.unused', { date: format.date(each.created_at) })}
              </p>
            </div>
            <IconButton
              icon={Trash}
              size="s"
              kind="danger"
              label={t('account.apps.revoke', { name: each.name })}
              onPress={() => revoke(each)}
            />
          </li>
        ))}
      </ul>
      <div className="panel-b btns">
        <Button icon={Plus} onPress={() => setAdding(true)}>
          {t('account.apps.add')}
        </Button>
      </div>
      {adding && (
        <NewDialog
          onClose={() => setAdding(false)}
          add={(name) =>
            proof.guard(async () => {
              const made = await addAppPassword(name);
              setAdding(false);
              setSecret(made.secret);
              await refresh();
            })
          }
        />
      )}
      {secret && <SecretDialog secret={secret} onClose={() => setSecret(null)} />}
      {proof.dialog}
    </Card>
  );
}

function NewDialog({ add, onClose }: { add: (name: string) => Promise<void>; onClose: () => void }) {
  const { t } = useI18n();
  const [name, setName] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim()) void add(name.trim());
  };
  return (
    <Dialog title={t('account.apps.add')} isOpen onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('account.apps.name')}
          placeholder={t('account.apps.name.example')}
          autoFocus
          isRequired
          value={name}
          onChange={setName}
          maxLength={80}
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isDisabled={!name.trim()}>
            {t('account.apps.create')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** Closed by its button alone: whoever misses the password has to make another. */
function SecretDialog({ secret, onClose }: { secret: string; onClose: () => void }) {
  const { t } = useI18n();
  const { email } = useMe();
  const copy = () =>
    navigator.clipboard.writeText(secret).then(
      () => toast({ text: t('account.apps.copied') }),
      () => undefined,
    );
  return (
    <Dialog title={t('account.apps.made')} isOpen onClose={onClose} alert>
      <div className="form">
        <p>{t('account.apps.once', { email })}</p>
        <div className="acc-secret">
          <TextField
            label={t('account.apps.secret')}
            value={secret}
            isReadOnly
            size="l"
            onFocus={(event) => (event.target as HTMLInputElement).select()}
          />
        </div>
        <DialogFoot>
          {'clipboard' in navigator && (
            <Button icon={Copy} onPress={() => void copy()}>
              {t('account.apps.copy')}
            </Button>
          )}
          <Button kind="primary" onPress={onClose}>
            {t('account.apps.done')}
          </Button>
        </DialogFoot>
      </div>
    </Dialog>
  );
}
