import { lazy, Suspense, useEffect, useState } from 'react';
import { useLocation } from 'wouter';
import { Entry } from '@/app/Entry';
import { paths } from '@/app/paths';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n, type MessageId } from '@/i18n';
import { ButtonLink, Skeleton } from '@/ui';

const SecondStepForm = lazy(() => import('./SecondStepForm'));

/** What providers of identities may have sent somebody back with; anything else is told in general words. */
const known = new Set([
  'identity_cancelled',
  'identity_organisation',
  'identity_provider_down',
  'identity_provider_wrong',
  'identity_refused',
  'identity_taken',
  'identity_token_invalid',
  'identity_unknown',
  'sign_in_step_over',
  'too_many_attempts',
  'too_many_requests',
  'waiting',
]);

/** Where one stands after a detour to a provider that did not end inside: what happened, and what to do. */
export function ArrivalPage() {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const me = useBootstrap().data?.me ?? null;
  const [what] = useState(() => location.hash.slice(1));
  const isSecond = what.startsWith('second');
  const code = known.has(what) ? what : 'other';
  const title = t(isSecond ? 'second.title' : code === 'waiting' ? 'arrival.waiting.title' : 'arrival.title');
  useTitle(title);
  useEffect(() => {
    if (isSecond && me) navigate(paths.home, { replace: true });
  }, [isSecond, me, navigate]);
  return (
    <Entry>
      <h1>{title}</h1>
      {isSecond ? (
        <Suspense fallback={<Skeleton lines={3} />}>
          <SecondStepForm
            step={{ code: what.includes('code'), passkey: what.includes('passkey') }}
            onOver={() => navigate(paths.home, { replace: true })}
          />
        </Suspense>
      ) : (
        <>
          <p className="lede" role="status">
            {t(`arrival.${code}` as MessageId)}
          </p>
          <div className="btns">
            <ButtonLink to={me ? paths.account : paths.home}>
              {t(me ? 'arrival.account' : 'link.back')}
            </ButtonLink>
          </div>
        </>
      )}
    </Entry>
  );
}
