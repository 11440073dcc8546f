import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { setUp, type Country } from '@/api';
import { Entry } from '@/app/Entry';
import { useForm } from '@/app/form';
import { paths } from '@/app/paths';
import { EmailField, NameField, NewPasswordField } from '@/app/person_fields';
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
  const [country, setCountry] = useState<Country | null>(null);
  const send = useMutation({
    mutationFn: setUp,
    onSuccess: async ({ me }) => {
      await acceptMe(me);
      navigate(paths.home, { replace: true });
    },
  });
  const form = useForm(
    {
      token: new URLSearchParams(location.search).get('token') ?? '',
      name: '',
      email: '',
      password: '',
      organisation: '',
    },
    send.error,
    { setup_token_wrong: 'token', password_weak: 'password' },
  );

  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!country) return;
    const { token, name, email, password, organisation } = form.values;
    send.mutate({
      token: token.trim(),
      name,
      email,
      password,
      organisation: { name: organisation, country },
      ui_locale: locale,
    });
  };

  return (
    <Entry>
      <h1>{t('setup.title')}</h1>
      <p className="lede">{t('setup.lede')}</p>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          size="l"
          label={t('setup.token')}
          hint={t('setup.token.hint')}
          autoComplete="off"
          isRequired
          {...form.field('token')}
        />
        <NameField size="l" {...form.field('name')} />
        <EmailField size="l" {...form.field('email')} />
        <NewPasswordField size="l" {...form.field('password')} />
        <TextField
          size="l"
          label={t('field.organisation')}
          autoComplete="organization"
          isRequired
          {...form.field('organisation')}
        />
        <CountryChoice value={country} onChange={setCountry} />
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={!form.filled('token', 'name', 'email', 'password', 'organisation') || !country}
        >
          {t('setup.submit')}
        </Button>
      </form>
    </Entry>
  );
}
