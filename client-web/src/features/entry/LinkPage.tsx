import { useMutation, useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import { ApiError, errorText, fieldError, formError, lookAtLink, openLink, type SecondStep } from '@/api';
import { Entry } from '@/app/Entry';
import { paths } from '@/app/paths';
import { NewPasswordField } from '@/app/person_fields';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, ErrorNotice, Skeleton } from '@/ui';
import { useEntered } from './use_entered';
import { useTokenOfLink } from './use_token';

const SecondStepForm = lazy(() => import('./SecondStepForm'));

/**
 * Where a link by mail leads. Looking is not using: a scanner that opens the address uses nothing up, a person who
 * presses the button does. The token stands behind #, and leaves the address as soon as it was read.
 */
export function LinkPage() {
  const { t } = useI18n();
  const token = useTokenOfLink();
  const {
    data: link,
    error,
    refetch,
  } = useQuery({
    queryKey: ['link', token],
    queryFn: ({ signal }) => lookAtLink(token, signal),
    retry: false,
  });
  const title = t(link?.purpose === 'sign_in' ? 'signin.title' : 'link.password.title');
  useTitle(title);

  if (error) {
    const lost = error instanceof ApiError && [404, 410, 422].includes(error.status);
    return (
      <Entry>
        <h1>{t('link.over')}</h1>
        {lost ? (
          <p className="lede">{t('link.over.detail')}</p>
        ) : (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        )}
        <div className="btns">
          <ButtonLink to={paths.askPassword}>{t('link.again')}</ButtonLink>
          <ButtonLink to={paths.home}>{t('link.back')}</ButtonLink>
        </div>
      </Entry>
    );
  }
  return (
    <Entry>
      <h1>{title}</h1>
      {link ? <UseLink token={token} setsPassword={link.purpose === 'password'} /> : <Skeleton lines={4} />}
    </Entry>
  );
}

function UseLink({ token, setsPassword }: { token: string; setsPassword: boolean }) {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const [password, setPassword] = useState('');
  const [second, setSecond] = useState<SecondStep | null>(null);
  const enter = useEntered();
  const send = useMutation({
    mutationFn: () => openLink(setsPassword ? { token, password } : { token }),
    onSuccess: async (entered) => {
      if ('second' in entered) return setSecond(entered.second);
      await enter(entered);
      navigate(paths.home, { replace: true });
    },
  });
  const above = formError(send.error, 'password');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };
  if (second)
    return (
      <Suspense fallback={<Skeleton lines={3} />}>
        <SecondStepForm step={second} onOver={() => navigate(paths.home, { replace: true })} />
      </Suspense>
    );
  return (
    <>
      <p className="lede">{t(setsPassword ? 'link.password.lede' : 'link.signin.lede')}</p>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate>
        {setsPassword && (
          <NewPasswordField
            size="l"
            name="password"
            value={password}
            onChange={setPassword}
            error={fieldError(send.error, 'password')}
          />
        )}
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={setsPassword && !password}
        >
          {t(setsPassword ? 'link.password.submit' : 'signin.submit')}
        </Button>
      </form>
    </>
  );
}
