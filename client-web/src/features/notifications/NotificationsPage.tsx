import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import BellIcon from 'icon:bell';
import CheckCheck from 'icon:check-check';
import Settings from 'icon:settings';
import { useSearch } from 'wouter';
import {
  errorText,
  getNotifications,
  notificationFilters,
  notificationQueries,
  type Notification,
  type NotificationFilter,
} from '@/api';
import { readAll } from '@/app/notifications/acts';
import { NotificationLines } from '@/app/notifications/NotificationLines';
import { paths } from '@/app/paths';
import { useTitle } from '@/app/title';
import { useI18n, type Formats, type Translate } from '@/i18n';
import { Button, ButtonLink, EmptyState, ErrorNotice, PageHead, Skeleton, TabLinks } from '@/ui';

const perPage = 30;

function readFilter(search: string): NotificationFilter {
  return new URLSearchParams(search).get('filtre') === 'toutes' ? 'all' : 'unread';
}

/** Everything one was told, by day; what is unread first, since that is what one comes for. */
export function NotificationsPage() {
  const { t } = useI18n();
  useTitle(t('notifications.title'));
  const filter = readFilter(useSearch());
  const { data: unread = 0 } = useQuery(notificationQueries.unread());
  return (
    <div className="page nt-page">
      <PageHead
        title={t('notifications.title')}
        lede={t('notifications.bell', { count: unread })}
        actions={
          <>
            {unread > 0 && (
              <Button icon={CheckCheck} onPress={readAll}>
                {t('notifications.read.all')}
              </Button>
            )}
            <ButtonLink to={paths.notificationSettings} icon={Settings}>
              {t('notifications.settings')}
            </ButtonLink>
          </>
        }
      />
      <TabLinks
        label={t('notifications.filter')}
        items={notificationFilters.map((each) => ({
          label: t(`notifications.filter.${each}`),
          to: each === 'all' ? `${paths.notifications}?filtre=toutes` : paths.notifications,
          current: each === filter,
          ...(each === 'unread' ? { count: unread } : {}),
        }))}
      />
      <Lines key={filter} filter={filter} />
    </div>
  );
}

function Lines({ filter }: { filter: NotificationFilter }) {
  const { t, format } = useI18n();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: [...notificationQueries.all, 'pages', filter],
    queryFn: ({ pageParam, signal }) => getNotifications(filter, pageParam, perPage, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next,
  });
  if (!data) {
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={8} />
    );
  }
  const lines = data.pages.flatMap((page) => page.notifications);
  if (lines.length === 0) {
    return (
      <EmptyState
        icon={BellIcon}
        title={t(filter === 'unread' ? 'notifications.empty.unread' : 'notifications.empty')}
        action={
          filter === 'unread' && (
            <ButtonLink to={`${paths.notifications}?filtre=toutes`} kind="quiet">
              {t('notifications.filter.all')}
            </ButtonLink>
          )
        }
      >
        {t('notifications.empty.hint')}
      </EmptyState>
    );
  }
  return (
    <>
      {byDay(lines, t, format).map(([day, those]) => (
        <section key={day} aria-label={day}>
          <h2 className="nt-d">{day}</h2>
          <div className="nt-day">
            <NotificationLines lines={those} />
          </div>
        </section>
      ))}
      {hasNextPage && (
        <p className="nt-more">
          <Button onPress={() => void fetchNextPage()} isDisabled={isFetchingNextPage}>
            {t('notifications.more')}
          </Button>
        </p>
      )}
    </>
  );
}

function byDay(lines: Notification[], t: Translate, format: Formats): [string, Notification[]][] {
  const now = new Date();
  const today = format.weekdayDate(now);
  const yesterday = format.weekdayDate(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
  const days = new Map<string, Notification[]>();
  for (const line of lines) {
    const date = format.weekdayDate(line.at);
    const day =
      date === today ? t('notifications.today') : date === yesterday ? t('notifications.yesterday') : date;
    days.set(day, [...(days.get(day) ?? []), line]);
  }
  return [...days];
}
