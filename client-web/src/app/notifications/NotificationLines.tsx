import CircleAlert from 'icon:circle-alert';
import FileText from 'icon:file-text';
import KeyRound from 'icon:key-round';
import Languages from 'icon:languages';
import Mail from 'icon:mail';
import MailOpen from 'icon:mail-open';
import Puzzle from 'icon:puzzle';
import X from 'icon:x';
import type { Notification } from '@/api';
import { useI18n } from '@/i18n';
import { classes, IconButton, Link, Tag, type IconType } from '@/ui';
import { dismiss, setRead } from './acts';
import './notifications.css';

const icons: Partial<Record<string, IconType>> = {
  'document.created': FileText,
  'document.edited': FileText,
  'access.given': KeyRound,
  'twin.stale': Languages,
  'invitation.received': Mail,
  'invitation.accepted': MailOpen,
};

/** `small`: in the panel of the head, without the acts of each line. */
export function NotificationLines({
  lines,
  small = false,
  onOpen,
}: {
  lines: Notification[];
  small?: boolean;
  onOpen?: () => void;
}) {
  return (
    <ul className={classes('nt-l', small && 'small')}>
      {lines.map((line) => (
        <NotificationLine key={line.id} line={line} small={small} onOpen={onOpen} />
      ))}
    </ul>
  );
}

function NotificationLine({
  line,
  small,
  onOpen,
}: {
  line: Notification;
  small: boolean;
  onOpen: (() => void) | undefined;
}) {
  const { t, format } = useI18n();
  const Icon = icons[line.kind] ?? (line.plugin ? Puzzle : CircleAlert);
  const title = <span lang={line.title_language ?? undefined}>{line.title}</span>;
  return (
    <li className={classes('nt', !line.read && 'new')} data-testid="notification">
      <span className="nt-i" aria-hidden="true">
        <Icon />
      </span>
      <div className="grow">
        <p className="nt-t">
          {!line.read && <span className="vh">{t('notifications.unread.one')} </span>}
          {line.url ? (
            <Link
              to={line.url}
              className="title-l"
              onClick={() => {
                if (!line.read) setRead(line.id, true);
                onOpen?.();
              }}
            >
              {title}
            </Link>
          ) : (
            <b>{title}</b>
          )}
          {line.class === 'action' && <Tag tone="wait">{t('notifications.class.action')}</Tag>}
        </p>
        {line.text && <p>{line.text}</p>}
        <p className="meta">
          <time dateTime={line.at}>{format.ago(line.at)}</time>
          {line.times > 1 &&
            line.kind !== 'document.created' &&
            `, ${t('notifications.times', { count: line.times })}`}
        </p>
      </div>
      {!small && (
        <span className="nt-a">
          <IconButton
            icon={line.read ? Mail : MailOpen}
            size="s"
            label={t(line.read ? 'notifications.mark.unread' : 'notifications.mark.read', {
              title: line.title,
            })}
            onPress={() => setRead(line.id, !line.read)}
          />
          <IconButton
            icon={X}
            size="s"
            label={t('notifications.dismiss', { title: line.title })}
            onPress={() => dismiss(line.id)}
          />
        </span>
      )}
    </li>
  );
}
