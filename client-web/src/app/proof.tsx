import { useQuery } from '@tanstack/react-query';
import { useState, type FormEvent, type ReactNode } from 'react';
import Fingerprint from 'icon:fingerprint';
import { ApiError, errorText, prove, queries } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Skeleton, toast } from '@/ui';
import { isDismissed, answerWithPasskey } from './passkeys';
import { PasswordField } from './person_fields';
import { signOut, useMe } from './session';

/**
 * For what asks who is there: `guard(act)` acts, and where the server says that the sign-in is too long ago, asks for the
 * password or a passkey and acts again. `dialog` belongs into the page.
 */
export function useProof(): { guard: (act: () => Promise<unknown>) => Promise<void>; dialog: ReactNode } {
  const [waiting, setWaiting] = useState<(() => Promise<unknown>) | null>(null);
  const guard = async (act: () => Promise<unknown>) => {
    try {
      await act();
    } catch (error) {
      if (isDismissed(error)) return;
      if (error instanceof ApiError && error.code === 'proof_needed') setWaiting(() => act);
      else toast({ text: errorText(error), kind: 'failure' });
    }
  };
  const dialog = waiting && (
    <ProofDialog
      onClose={() => setWaiting(null)}
      onProven={() => {
        setWaiting(null);
        void guard(waiting);
      }}
    />
  );
  return { guard, dialog };
}

function ProofDialog({ onClose, onProven }: { onClose: () => void; onProven: () => void }) {
  const { t } = useI18n();
  const me = useMe();
  const { data: ways } = useQuery(queries.ways());
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [pending, setPending] = useState(false);
  const send = async (proof: () => Promise<unknown>) => {
    setPending(true);
    setError(null);
    try {
      await proof();
      onProven();
    } catch (failure) {
      if (!isDismissed(failure)) setError(failure);
    } finally {
      setPending(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void send(() => prove({ password }));
  };
  const passkey = () =>
    send(async () => {
      await prove({ passkey: await answerWithPasskey('prove') });
    });
  return (
    <Dialog title={t('proof.title')} isOpen onClose={onClose}>
      <p>{t('proof.why')}</p>
      {error !== null && <ErrorNotice title={errorText(error)} />}
      {!ways && <Skeleton />}
      {ways && ways.passkeys.length > 0 && (
        <Button icon={Fingerprint} isDisabled={pending} onPress={() => void passkey()}>
          {t('signin.passkey')}
        </Button>
      )}
      {ways?.has_password && (
        <form className="form" onSubmit={submit} noValidate>
          <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
          <PasswordField name="password" value={password} onChange={setPassword} />
          <DialogFoot>
            <Button onPress={onClose}>{t('ui.cancel')}</Button>
            <Button type="submit" kind="primary" isPending={pending} isDisabled={!password}>
              {t('proof.submit')}
            </Button>
          </DialogFoot>
        </form>
      )}
      {ways && !ways.has_password && ways.passkeys.length === 0 && (
        <>
          <p>{t('proof.again')}</p>
          <DialogFoot>
            <Button onPress={onClose}>{t('ui.cancel')}</Button>
            <Button kind="primary" onPress={() => void signOut()}>
              {t('action.sign.out')}
            </Button>
          </DialogFoot>
        </>
      )}
    </Dialog>
  );
}
