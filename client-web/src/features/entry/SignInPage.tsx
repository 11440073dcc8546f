import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useRef, useState, type FormEvent } from 'react';
import Fingerprint from 'icon:fingerprint';
import { ApiError, errorText, minutes_from_s, signIn, signInWithPasskey, type SecondStep } from '@/api';
import { Entry } from '@/app/Entry';
import { EmailField, PasswordField } from '@/app/person_fields';
import { paths } from '@/app/paths';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, ErrorNotice, Skeleton } from '@/ui';
import { Providers } from './Providers';
import { useEntered } from './use_entered';
import { useWait } from './use_wait';

const SecondStepForm = lazy(() => import('./SecondStepForm'));

/** Shown at any address while nobody is signed in: the address stays, and opens once one is. */
export function SignInPage() {
  const { t } = useI18n();
  useTitle(t('signin.title'));
  const instance = useBootstrap().data?.instance;
  return (
    <Entry>
      <h1>{t('signin.title')}</h1>
      <SignInForm />
      <div className="btns">
        <ButtonLink to={paths.askPassword}>{t('link.forgotten')}</ButtonLink>
        {instance?.sign_in_links && <ButtonLink to={paths.askSignIn}>{t('link.without')}</ButtonLink>}
        {instance?.access_requests && <ButtonLink to={paths.ask}>{t('ask.link')}</ButtonLink>}
      </div>
      <p className="meta">{t('signin.accounts')}</p>
    </Entry>
  );
}

export function SignInForm({ invitation }: { invitation?: string } = {}) {
  const [second, setSecond] = useState<SecondStep | null>(null);
  if (second)
    return (
      <Suspense fallback={<Skeleton lines={3} />}>
        <SecondStepForm step={second} onOver={() => setSecond(null)} />
      </Suspense>
    );
  return (
    <>
      <Providers {...(invitation ? { invitation } : {})} />
      <PasswordForm onSecond={setSecond} />
      <PasskeyButton />
    </>
  );
}

/** With a passkey nothing is typed. Where the browser can, it also proposes one in the field of the address. */
function PasskeyButton() {
  const { t } = useI18n();
  const isOn = useBootstrap().data?.instance.passkeys;
  const enter = useEntered();
  const send = useMutation({
    mutationFn: async (quietly: AbortSignal | null) => {
      const { isDismissed, proposesPasskeys, answerWithPasskey } = await import('@/app/passkeys');
      try {
        if (quietly && !(await proposesPasskeys())) return null;
        const options = quietly ? { quietly: true, signal: quietly } : {};
        return await signInWithPasskey(await answerWithPasskey('sign_in', options));
      } catch (error) {
        // What was not asked for fails in silence.
        if (isDismissed(error) || quietly?.aborted) return null;
        throw error;
      }
    },
    onSuccess: (entered) => entered && enter(entered),
  });
  const { mutate } = send;
  const proposal = useRef<AbortController | null>(null);
  useEffect(() => {
    if (!isOn) return;
    proposal.current = new AbortController();
    mutate(proposal.current.signal);
    return () => proposal.current?.abort();
  }, [isOn, mutate]);
  if (!isOn || !('credentials' in navigator)) return null;
  return (
    <div className="form ways">
      {send.error && <ErrorNotice title={errorText(send.error)} />}
      <Button
        size="l"
        icon={Fingerprint}
        className="wide"
        onPress={() => {
          // A browser asks its devices for one thing at a time.
          proposal.current?.abort();
          mutate(null);
        }}
      >
        {t('signin.passkey')}
      </Button>
    </div>
  );
}

function PasswordForm({ onSecond }: { onSecond: (step: SecondStep) => void }) {
  const { t } = useI18n();
  const enter = useEntered();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const wait = useWait();
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: (entered) => ('second' in entered ? onSecond(entered.second) : enter(entered)),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 429) wait.start(error.retryAfter ?? 60);
    },
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const without = {
      ...(email.trim() ? {} : { email: t('signin.email.missing') }),
      ...(password ? {} : { password: t('signin.password.missing') }),
    };
    setMissing(without);
    if (Object.keys(without).length > 0) {
      document.getElementsByName(without.email ? 'email' : 'password')[0]?.focus();
      return;
    }
    attempt.mutate({ email: email.trim(), password });
  };

  return (
    <>
      {attempt.error && !wait.left && <ErrorNotice title={failure(attempt.error, t('signin.failed'))} />}
      {wait.left > 0 && (
        <ErrorNotice
          title={
            wait.left > minutes_from_s
              ? t('signin.wait.minutes', { minutes: Math.ceil(wait.left / 60) })
              : // In steps, so that a reader is not told every second.
                t('signin.wait', { seconds: Math.ceil(wait.left / 5) * 5 })
          }
        />
      )}
      <form className="form" onSubmit={submit} noValidate>
        <EmailField
          size="l"
          name="email"
          autoComplete="username webauthn"
          placeholder={t('field.email.example')}
          value={email}
          onChange={setEmail}
          error={missing.email}
        />
        <PasswordField
          size="l"
          name="password"
          value={password}
          onChange={setPassword}
          error={missing.password}
        />
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={attempt.isPending}
          isDisabled={wait.left > 0}
        >
          {t('signin.submit')}
        </Button>
      </form>
    </>
  );
}

function failure(error: Error, refused: string): string {
  return error instanceof ApiError && error.code === 'sign_in_failed'
    ? error.detail || refused
    : errorText(error);
}
