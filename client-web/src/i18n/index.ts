export {
  activate,
  i18n,
  initialLocale,
  locales,
  rememberLocale,
  withWords,
  type Language,
  type Locale,
} from './locale';
export { t, useI18n, I18nProvider, T, type Translate } from './messages';
export type { Area, MessageId } from './areas';
export { formats, type Formats } from './formats';
