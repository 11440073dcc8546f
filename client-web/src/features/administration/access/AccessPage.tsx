import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import UserCheck from 'icon:user-check';
import { errorText, grantAccess, queries, refuseAccess, type AccessRequest } from '@/api';
import { EmailField } from '@/app/person_fields';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, Card, EmptyState, ErrorNotice, PageHead, Skeleton, toast } from '@/ui';

/** People who have shown who they are to a provider, have no account here and ask for one. */
export default function AccessPage() {
  const { t } = useI18n();
  useTitle(t('access.title'));
  const { data, error, refetch } = useQuery(queries.accessRequests());
  return (
    <>
      <PageHead title={t('access.title')} lede={t('access.lede')} />
      {!data &&
        (error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />)}
      {data?.requests.length === 0 && <EmptyState icon={UserCheck} title={t('access.none')} />}
      <div className="adm-cards">
        {data?.requests.map((each) => (
          <Request key={each.id} request={each} />
        ))}
      </div>
    </>
  );
}

function Request({ request }: { request: AccessRequest }) {
  const { t, format, language } = useI18n();
  const client = useQueryClient();
  const [email, setEmail] = useState(request.email);
  const providers = useBootstrap().data?.instance.providers ?? [];
  const provider = providers.find((each) => each.id === request.provider);
  const label = provider ? (language === 'de' ? provider.label_de : provider.label_fr) : request.provider;
  const name = request.name || request.email || label;
  const send = useMutation({
    mutationFn: async (granted: boolean) => {
      if (granted) await grantAccess(request.id, email.trim());
      else await refuseAccess(request.id);
    },
    onSuccess: (_, granted) => toast({ text: t(granted ? 'access.granted' : 'access.refused', { name }) }),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: queries.accessRequests().queryKey });
      void client.invalidateQueries({ queryKey: ['people'] });
    },
  });
  return (
    <Card title={name}>
      <div className="panel-b form">
        {send.error && <ErrorNotice title={errorText(send.error)} />}
        <p>
          {[t('access.through', { provider: label }), request.organisation].filter(Boolean).join(', ')}
          <span className="meta"> {t('access.since', { when: format.ago(request.created_at) })}</span>
        </p>
        <EmailField label={t('access.email')} autoComplete="off" value={email} onChange={setEmail} />
        <div className="btns">
          <Button
            kind="primary"
            isPending={send.isPending && send.variables}
            isDisabled={!email.trim()}
            onPress={() => send.mutate(true)}
          >
            {t('access.grant')}
          </Button>
          <Button
            kind="danger"
            isPending={send.isPending && !send.variables}
            onPress={() => send.mutate(false)}
          >
            {t('access.refuse')}
          </Button>
        </div>
      </div>
    </Card>
  );
}
