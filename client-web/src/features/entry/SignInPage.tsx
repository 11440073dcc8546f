import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, errorText, minutes_from_s, signIn } from '@/api';
import { Entry } from '@/app/Entry';
import { EmailField, PasswordField } from '@/app/person_fields';
import { paths } from '@/app/paths';
import { acceptMe, useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, ErrorNotice } from '@/ui';
import { useWait } from './use_wait';

/** Shown at any address while nobody is signed in: the address stays, and opens once one is. */
export function SignInPage() {
  const { t } = useI18n();
  useTitle(t('signin.title'));
  const links = useBootstrap().data?.instance.sign_in_links;
  return (
    <Entry>
      <h1>{t('signin.title')}</h1>
      <SignInForm />
      <div className="btns">
        <ButtonLink to={paths.askPassword}>{t('link.forgotten')}</ButtonLink>
        {links && <ButtonLink to={paths.askSignIn}>{t('link.without')}</ButtonLink>}
      </div>
      <p className="meta">{t('signin.accounts')}</p>
    </Entry>
  );
}

export function SignInForm() {
  const { t } = useI18n();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [missing, setMissing] = useState<{ email?: string; password?: string }>({});
  const wait = useWait();
  const attempt = useMutation({
    mutationFn: signIn,
    onSuccess: ({ me }) => acceptMe(me),
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
