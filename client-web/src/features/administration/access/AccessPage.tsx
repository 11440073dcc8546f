import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import UserCheck from 'icon:user-check';
import { errorText, queries, type AccessRequest } from '@/api';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, Card, EmptyState, ErrorNotice, Notice, PageHead, Skeleton, Tag } from '@/ui';
import { HandedLink, type Handed } from '../HandedLink';
import { GrantDialog } from './GrantDialog';
import { RefuseDialog } from './RefuseDialog';

/** People without an account who ask for one: by the public form, or through a provider that knows them. */
export default function AccessPage() {
  const { t } = useI18n();
  useTitle(t('access.title'));
  const [handed, setHanded] = useState<Handed | null>(null);
  const { data, error, refetch } = useQuery(queries.accessRequests());
  return (
    <>
      <PageHead title={t('access.title')} lede={t('requests.lede')} />
      {!data &&
        (error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />)}
      {data?.requests.length === 0 && <EmptyState icon={UserCheck} title={t('access.none')} />}
      <div className="adm-cards">
        {data?.requests.map((each) => (
          <Request key={each.id} request={each} onHanded={setHanded} />
        ))}
      </div>
      {handed && (
        <HandedLink
          title={t('requests.link.title')}
          words={t('requests.link', { name: handed.name })}
          url={handed.url}
          onClose={() => setHanded(null)}
        />
      )}
    </>
  );
}

function Request({ request, onHanded }: { request: AccessRequest; onHanded: (handed: Handed) => void }) {
  const { t, format, language } = useI18n();
  const [open, setOpen] = useState<'grant' | 'refuse' | null>(null);
  const providers = useBootstrap().data?.instance.providers ?? [];
  const provider = providers.find((each) => each.id === request.provider);
  const label = provider ? (language === 'de' ? provider.label_de : provider.label_fr) : request.provider;
  const close = () => setOpen(null);
  return (
    <Card title={request.name || request.email || label}>
      <div className="panel-b form">
        <p>
          {[request.organisation, request.email].filter(Boolean).join(', ')}{' '}
          {!request.provider && (
            <Tag tone={request.email_confirmed ? 'ok' : 'wait'}>
              {t(request.email_confirmed ? 'requests.confirmed' : 'requests.unconfirmed')}
            </Tag>
          )}
          <span className="block meta">
            {request.provider ? t('access.through', { provider: label }) : t('requests.form')},{' '}
            {t('access.since', { when: format.ago(request.created_at) })}
          </span>
        </p>
        {request.message && (
          <figure className="adm-said">
            <figcaption className="meta">{t('requests.says')}</figcaption>
            <blockquote>{request.message}</blockquote>
          </figure>
        )}
        {request.has_account && <Notice tone="wait">{t('requests.has_account')}</Notice>}
        <div className="btns">
          <Button kind="primary" onPress={() => setOpen('grant')}>
            {t('access.grant')}
          </Button>
          <Button kind="danger" onPress={() => setOpen('refuse')}>
            {t('access.refuse')}
          </Button>
        </div>
      </div>
      {open === 'grant' && <GrantDialog request={request} onHanded={onHanded} onClose={close} />}
      {open === 'refuse' && <RefuseDialog request={request} onClose={close} />}
    </Card>
  );
}
