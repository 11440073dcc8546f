import type { InfiniteData } from '@tanstack/react-query';
import {
  dismissNotification,
  errorText,
  markAllNotifications,
  markNotifications,
  notificationQueries,
  restoreNotification,
  undoMark,
  type Id,
  type Marked,
  type Notification,
  type NotificationPage,
} from '@/api';
import { t } from '@/i18n';
import { toast } from '@/ui';
import { queryClient } from '../query_client';

const refresh = () => queryClient.invalidateQueries({ queryKey: notificationQueries.all });

function keep(marked: Marked): void {
  queryClient.setQueryData(notificationQueries.unread().queryKey, marked.unread);
  void refresh();
}

function fail(error: unknown): void {
  toast({ text: errorText(error), kind: 'failure' });
  void refresh();
}

/** What the lists show at once, before the server has answered. */
function show(change: (line: Notification) => Notification | null): void {
  const page = (old: NotificationPage): NotificationPage => ({
    ...old,
    notifications: old.notifications.map(change).filter((line) => line !== null),
  });
  queryClient.setQueryData<NotificationPage>(
    notificationQueries.latest().queryKey,
    (old) => old && page(old),
  );
  queryClient.setQueriesData<InfiniteData<NotificationPage>>(
    { queryKey: [...notificationQueries.all, 'pages'] },
    (old) => old && { ...old, pages: old.pages.map(page) },
  );
}

export function setRead(id: Id, read: boolean): void {
  show((line) => (line.id === id ? { ...line, read } : line));
  void markNotifications([id], read).then(keep, fail);
}

export function readAll(): void {
  show((line) => ({ ...line, read: true }));
  void markAllNotifications().then((marked) => {
    keep(marked);
    const { undo } = marked;
    if (undo === null) return;
    toast({
      text: t('notifications.all.read'),
      action: { label: t('ui.undo'), run: () => void undoMark(undo).then(keep, fail) },
    });
  }, fail);
}

export function dismiss(id: Id): void {
  show((line) => (line.id === id ? null : line));
  void dismissNotification(id).then((marked) => {
    keep(marked);
    toast({
      text: t('notifications.dismissed'),
      action: { label: t('ui.undo'), run: () => void restoreNotification(id).then(keep, fail) },
    });
  }, fail);
}
