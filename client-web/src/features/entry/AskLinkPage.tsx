import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { ApiError, askForLink, errorText, type LinkPurpose } from '@/api';
import { Entry } from '@/app/Entry';
import { EmailField } from '@/app/person_fields';
import { paths } from '@/app/paths';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, ErrorNotice } from '@/ui';
import { useWait } from './use_wait';

/** Asks for a link by mail. The answer says the same whether the address has an account or not. */
export function AskLinkPage({ purpose }: { purpose: LinkPurpose }) {
  const { t } = useI18n();
  const title = t(purpose === 'password' ? 'link.ask.password' : 'link.ask.signin');
  useTitle(title);
  const instance = useBootstrap().data?.instance;
  const [email, setEmail] = useState('');
  const [missing, setMissing] = useState(false);
  const wait = useWait();
  const ask = useMutation({
    mutationFn: () => askForLink({ email: email.trim(), purpose }),
    onError: (error) => {
      if (error instanceof ApiError && error.status === 429) wait.start(error.retryAfter ?? 60);
    },
  });
  const back = <ButtonLink to={paths.home}>{t('link.back')}</ButtonLink>;

  if (!instance?.mail || (purpose === 'sign_in' && !instance.sign_in_links)) {
    return (
      <Entry>
        <h1>{title}</h1>
        <p className="lede">{t('link.no.mail')}</p>
        <div className="btns">{back}</div>
      </Entry>
    );
  }
  if (ask.isSuccess) {
    return (
      <Entry>
        <h1>{t('link.sent.title')}</h1>
        <p className="lede" role="status">
          {t('link.sent', { email: email.trim() })}
        </p>
        <p className="meta">{t('link.sent.nothing')}</p>
        <div className="btns">{back}</div>
      </Entry>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setMissing(!email.trim());
    if (email.trim()) ask.mutate();
  };
  return (
    <Entry>
      <h1>{title}</h1>
      <p className="lede">{t(purpose === 'password' ? 'link.ask.password.lede' : 'link.ask.signin.lede')}</p>
      {ask.error && <ErrorNotice title={errorText(ask.error)} />}
      <form className="form" onSubmit={submit} noValidate>
        <EmailField
          size="l"
          name="email"
          value={email}
          onChange={setEmail}
          error={missing ? t('signin.email.missing') : null}
        />
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={ask.isPending}
          isDisabled={wait.left > 0}
        >
          {t('link.ask.submit')}
        </Button>
      </form>
      <div className="btns">{back}</div>
    </Entry>
  );
}
