import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { ApiError, fieldError, formError, setUp, type Country } from '@/api';
import { Entry } from '@/app/Entry';
import { paths } from '@/app/paths';
import { acceptMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice, TextField } from '@/ui';
import { CountryChoice } from './CountryChoice';

/** The first start of an instance: its first administrator, against the token printed by the server. */
export function SetupPage() {
  const { t, locale } = useI18n();
  useTitle(t('setup.title'));
  const [, navigate] = useLocation();
  const [token, setToken] = useState(() => new URLSearchParams(location.search).get('token') ?? '');
  const [name, setName] = useState('');
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [organisation, setOrganisation] = useState('');
  const [country, setCountry] = useState<Country | null>(null);
  const send = useMutation({
    mutationFn: setUp,
    onSuccess: async ({ me }) => {
      await acceptMe(me);
      navigate(paths.home, { replace: true });
    },
  });
  const { error } = send;
  const tokenError =
    error instanceof ApiError && error.code === 'setup_token_wrong'
      ? error.detail || t('setup.token.wrong')
      : fieldError(error, 'token');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!country) return;
    send.mutate({
      token: token.trim(),
      name,
      email,
      password,
      organisation: { name: organisation, country },
      ui_locale: locale,
    });
  };
  const above = tokenError
    ? null
    : formError(error, 'token', 'name', 'email', 'password', 'organisation', 'organisation.name');

  return (
    <Entry>
      <h1>{t('setup.title')}</h1>
      <p className="lede">{t('setup.lede')}</p>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          size="l"
          label={t('setup.token')}
          hint={t('setup.token.hint')}
          value={token}
          onChange={setToken}
          autoComplete="off"
          error={tokenError}
          isRequired
        />
        <TextField
          size="l"
          label={t('field.name')}
          value={name}
          onChange={setName}
          autoComplete="name"
          error={fieldError(error, 'name')}
          isRequired
        />
        <TextField
          size="l"
          type="email"
          label={t('field.email')}
          value={email}
          onChange={setEmail}
          autoComplete="username"
          error={fieldError(error, 'email')}
          isRequired
        />
        <TextField
          size="l"
          type="password"
          label={t('field.password')}
          hint={t('field.password.hint')}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          error={fieldError(error, 'password')}
          isRequired
        />
        <TextField
          size="l"
          label={t('field.organisation')}
          value={organisation}
          onChange={setOrganisation}
          autoComplete="organization"
          error={fieldError(error, 'organisation') ?? fieldError(error, 'organisation.name')}
          isRequired
        />
        <CountryChoice value={country} onChange={setCountry} />
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={!token || !name || !email || !password || !organisation || !country}
        >
          {t('setup.submit')}
        </Button>
      </form>
    </Entry>
  );
}
