export { activate, i18n, initialLocale, locales, rememberLocale, type Language, type Locale } from './locale';
export { t, useI18n, I18nProvider, T, type MessageId, type Translate } from './messages';
export { formats, type Formats } from './formats';
