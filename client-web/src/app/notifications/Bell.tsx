import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import BellIcon from 'icon:bell';
import { Button as AriaButton } from 'react-aria-components/Button';
import { errorText, notificationQueries } from '@/api';
import { useI18n } from '@/i18n';
import { Button, EmptyState, ErrorNotice, Link, Popover, Skeleton, useWide } from '@/ui';
import { paths } from '../paths';
import { readAll } from './acts';
import { NotificationLines } from './NotificationLines';
import { useLiveNotifications } from './use_live_notifications';

const shownAtMost = 99;
const ask_ms = 60_000;

/** The bell of the head: how many are unread, and on a desk the latest of them. */
export default function Bell() {
  const { t } = useI18n();
  const wide = useWide();
  const isLive = useLiveNotifications();
  const [location] = useLocation();
  const [open, setOpen] = useState(false);
  const { data: unread = 0 } = useQuery({
    ...notificationQueries.unread(),
    refetchInterval: isLive ? false : ask_ms,
  });
  const label = t('notifications.bell', { count: unread });
  const count = unread > 0 && (
    <span className="dot-n" aria-hidden="true">
      {unread > shownAtMost ? `${shownAtMost}+` : unread}
    </span>
  );

  return (
    <>
      {wide ? (
        <Popover
          label={t('notifications.title')}
          isOpen={open}
          onOpenChange={setOpen}
          placement="bottom end"
          offset={4}
          trigger={
            <AriaButton className="band-btn" aria-label={label} data-testid="bell">
              <BellIcon />
              {count}
            </AriaButton>
          }
        >
          <Panel onClose={() => setOpen(false)} unread={unread} />
        </Popover>
      ) : (
        <Link
          to={paths.notifications}
          className="band-btn"
          aria-label={label}
          data-testid="bell"
          aria-current={location === paths.notifications ? 'page' : undefined}
        >
          <BellIcon />
          {count}
        </Link>
      )}
      <News unread={unread} />
    </>
  );
}

/** Says aloud that there are more than before; that there are fewer one has done oneself. */
function News({ unread }: { unread: number }) {
  const { t } = useI18n();
  const before = useRef<number | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    if (before.current !== null && unread > before.current)
      setSaid(t('notifications.bell', { count: unread }));
    else if (before.current !== null && unread < before.current) setSaid('');
    before.current = unread;
  }, [unread, t]);
  return (
    <span className="vh" aria-live="polite">
      {said}
    </span>
  );
}

function Panel({ onClose, unread }: { onClose: () => void; unread: number }) {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(notificationQueries.latest());
  return (
    <div className="nt-p">
      <div className="nt-h">
        <h2>{t('notifications.title')}</h2>
        {unread > 0 && (
          <Button kind="quiet" size="s" onPress={readAll}>
            {t('notifications.read.all')}
          </Button>
        )}
      </div>
      <div className="nt-list">
        {!data ? (
          error ? (
            <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={4} />
          )
        ) : data.notifications.length === 0 ? (
          <EmptyState icon={BellIcon} title={t('notifications.empty')}>
            {t('notifications.empty.hint')}
          </EmptyState>
        ) : (
          <NotificationLines lines={data.notifications} small onOpen={onClose} />
        )}
      </div>
      <p className="nt-f">
        <Link to={paths.notifications} onClick={onClose}>
          {t('notifications.see.all')}
        </Link>
        <Link to={paths.notificationSettings} onClick={onClose}>
          {t('notifications.settings')}
        </Link>
      </p>
    </div>
  );
}
