export { NotificationsPage as default } from './NotificationsPage';
export { UnsubscribePage } from './UnsubscribePage';
