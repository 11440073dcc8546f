// Sets the theme and the language of the page before the first paint. Kept in step with `app/theme.ts`.
(function () {
  var root = document.documentElement;
  var theme = 'system';
  var locale = '';
  try {
    theme = localStorage.getItem('cluse.theme') || 'system';
    locale = localStorage.getItem('cluse.locale') || '';
  } catch (refused) {
    // Storage may be forbidden: the system's choice then holds.
  }
  if (theme === 'system') theme = matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
  root.dataset.theme = theme;
  if (locale) root.lang = locale;
})();
