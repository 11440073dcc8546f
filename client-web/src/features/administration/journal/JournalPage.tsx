import { useInfiniteQuery } from '@tanstack/react-query';
import { useState } from 'react';
import Download from 'icon:download';
import History from 'icon:history';
import { errorText, getJournal, journalExportUrl, type JournalEvent, type JournalFilter } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Card, EmptyState, ErrorNotice, Link, PageHead, Skeleton, Tag } from '@/ui';
import { ChainState } from './ChainState';
import { Filters } from './Filters';
import { useSentence } from './sentence';
import './journal.css';

/** Everything that changed: who, under which hat, what, when; and whether the chain still holds. */
export default function JournalPage() {
  const { t } = useI18n();
  const [filter, setFilter] = useState<JournalFilter>({});
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['journal', filter],
    queryFn: ({ pageParam, signal }) => getJournal(filter, pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => last.before,
  });
  const events = data?.pages.flatMap((page) => page.events) ?? [];

  return (
    <>
      <PageHead
        title={t('journal.title')}
        lede={t('journal.lede')}
        actions={
          <a className="btn" href={journalExportUrl} download>
            <Download />
            {t('journal.export')}
          </a>
        }
      />
      <div className="jn">
        <ChainState />
        <Filters filter={filter} onChange={setFilter} />
        <Card title={t('journal.events')}>
          {!data && (
            <div className="panel-b">
              {error ? (
                <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
              ) : (
                <Skeleton lines={8} />
              )}
            </div>
          )}
          {data && events.length === 0 && <EmptyState icon={History} title={t('journal.empty')} />}
          {events.length > 0 && (
            <ol className="jn-list">
              {events.map((event) => (
                <Line
                  key={event.sequence}
                  event={event}
                  onObject={(object) => setFilter({ ...filter, object })}
                />
              ))}
            </ol>
          )}
          {hasNextPage && (
            <div className="panel-b">
              <Button isPending={isFetchingNextPage} onPress={() => void fetchNextPage()}>
                {t('journal.more')}
              </Button>
            </div>
          )}
        </Card>
      </div>
    </>
  );
}

function Line({ event, onObject }: { event: JournalEvent; onObject: (id: string) => void }) {
  const { t, format } = useI18n();
  const sentence = useSentence();
  const { object, workspace } = event;
  const target =
    object?.kind === 'document' && workspace && event.verb !== 'document.purged'
      ? paths.document(workspace.id, object.id)
      : object?.kind === 'workspace'
        ? paths.workspace(object.id)
        : null;
  return (
    <li>
      <p className="jn-s">{sentence(event)}</p>
      <p className="meta jn-m">
        <time dateTime={event.at}>{format.dateTime(event.at)}</time>
        {workspace?.name && object?.kind !== 'workspace' && (
          <Link to={paths.workspace(workspace.id)}>{workspace.name}</Link>
        )}
        {event.hat_id && !event.actor?.hat && <Tag tone="line">{t('journal.hat')}</Tag>}
        {event.details_erased && <Tag tone="line">{t('journal.erased')}</Tag>}
        <span>{t('journal.number', { number: format.number(event.sequence) })}</span>
      </p>
      {object && (
        <p className="btns jn-a">
          {target && (
            <Link to={target} aria-label={`${t('journal.open')}: ${object.name}`}>
              {t('journal.open')}
            </Link>
          )}
          <Button
            kind="quiet"
            size="s"
            icon={History}
            onPress={() => onObject(object.id)}
            aria-label={`${t('journal.history')}: ${object.name || t('journal.unnamed')}`}
          >
            {t('journal.history')}
          </Button>
        </p>
      )}
    </li>
  );
}
