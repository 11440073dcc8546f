import { queryOptions } from '@tanstack/react-query';
import { request } from './http';
import type { Id } from './types';

export type NotificationClass = 'action' | 'info' | 'quiet';

/** One line of the centre, in the reader's language. */
export interface Notification {
  id: Id;
  class: NotificationClass;
  kind: string;
  /** Who says it, if it is not the core. */
  plugin: string | null;
  title: string;
  title_language: string | null;
  text: string;
  /** An address of the client. */
  url: string | null;
  /** Events that the line stands for. */
  times: number;
  at: string;
  read: boolean;
}
export interface NotificationPage {
  notifications: Notification[];
  unread: number;
  next: string | null;
}
export interface Marked {
  undo: string | null;
  unread: number;
}

export const notificationFilters = ['unread', 'all'] as const;
export type NotificationFilter = (typeof notificationFilters)[number];

export const mailChoices = ['at_once', 'daily', 'never'] as const;
export type MailChoice = (typeof mailChoices)[number];
export const levels = ['everything', 'mine', 'nothing'] as const;
export type Level = (typeof levels)[number];

export interface MailSettings {
  action: MailChoice;
  info: MailChoice;
  digest_hour: number;
}
export interface Followed {
  kind: 'workspace' | 'document';
  id: Id;
  name: string;
  url: string;
  level: Level;
}
export interface NotificationSettings extends MailSettings {
  /** Whether this server sends mails at all. */
  has_mail: boolean;
  followed: Followed[];
}
export interface LevelView {
  level: Level | null;
  /** What holds without a level of one's own. */
  inherited: Level;
  from: { kind: 'workspace' | 'document'; id: Id; name: string } | null;
}
/** What a level is set on. */
export interface LevelObject {
  kind: 'workspace' | 'document';
  id: Id;
}

export const getNotifications = (
  filter: NotificationFilter,
  after: string | null,
  limit: number,
  signal?: AbortSignal,
): Promise<NotificationPage> => request('GET', '/notifications', { query: { filter, after, limit }, signal });

const mark = (body: unknown) => request<Marked>('POST', '/notifications/read', { body });
export const markNotifications = (ids: Id[], read: boolean) => mark({ ids, read });
export const markAllNotifications = () => mark({ all: true });
export const undoMark = (undo: string) => mark({ undo });
export const dismissNotification = (id: Id) => request<Marked>('DELETE', `/notifications/${id}`);
export const restoreNotification = (id: Id) =>
  request<Marked>('POST', `/notifications/${id}/restore`, { body: {} });
export const changeNotificationSettings = (body: MailSettings) =>
  request<NotificationSettings>('PUT', '/me/notifications', { body });
export const unsubscribe = (token: string) =>
  request<{ class: NotificationClass }>('POST', `/notifications/unsubscribe/${encodeURIComponent(token)}`, {
    body: {},
  });

const levelPath = ({ kind, id }: LevelObject) => `/${kind}s/${id}/notifications`;
export const changeLevel = (object: LevelObject, level: Level | null) =>
  request<LevelView>('PUT', levelPath(object), { body: { level } });

export const notificationQueries = {
  /** Every list and the count: what a change invalidates. */
  all: ['notifications'] as const,
  unread: () =>
    queryOptions({
      queryKey: ['notifications', 'unread'],
      queryFn: async ({ signal }) => (await getNotifications('unread', null, 1, signal)).unread,
      staleTime: 30_000,
    }),
  latest: () =>
    queryOptions({
      queryKey: ['notifications', 'latest'],
      queryFn: ({ signal }) => getNotifications('all', null, 8, signal),
    }),
  settings: () =>
    queryOptions({
      queryKey: ['notification-settings'],
      queryFn: ({ signal }) => request<NotificationSettings>('GET', '/me/notifications', { signal }),
    }),
  level: (object: LevelObject) =>
    queryOptions({
      queryKey: ['notification-level', object.kind, object.id],
      queryFn: ({ signal }) => request<LevelView>('GET', levelPath(object), { signal }),
    }),
};
