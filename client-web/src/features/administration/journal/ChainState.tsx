import { useQuery } from '@tanstack/react-query';
import ShieldCheck from 'icon:shield-check';
import { errorText, getJournalState } from '@/api';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice, Notice } from '@/ui';

/** Whether every event still stands as it was written. Verified when asked for: it reads the whole journal. */
export function ChainState() {
  const { t, format } = useI18n();
  const { data, error, refetch, isFetching } = useQuery({
    queryKey: ['journal', 'state'],
    queryFn: ({ signal }) => getJournalState(signal),
    enabled: false,
    gcTime: 0,
  });
  const number = data?.finding ? format.number(data.finding.sequence) : '';
  return (
    <section className="jn-state" aria-label={t('journal.state')}>
      <Button icon={ShieldCheck} isPending={isFetching} onPress={() => void refetch()}>
        {t('journal.state.check')}
      </Button>
      {error && <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />}
      {data && !data.finding && (
        <Notice tone="ok" title={t('journal.state.ok')} announce>
          <p>{t('journal.state.ok.detail', { events: format.number(data.events) })}</p>
          <p>
            {t('journal.state.head')} <code className="jn-head">{data.head}</code>
          </p>
        </Notice>
      )}
      {data?.finding && (
        <Notice tone="no" title={t('journal.state.broken')} announce>
          <p>{t(`journal.fault.${data.finding.fault}`, { number })}</p>
          <p>{t('journal.state.todo')}</p>
        </Notice>
      )}
    </section>
  );
}
