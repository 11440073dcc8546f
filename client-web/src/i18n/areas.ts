import type account from './fr/account.json';
import type app from './fr/app.json';
import type asking from './fr/asking.json';
import type document from './fr/document.json';
import type extensions from './fr/extensions.json';
import type journal from './fr/journal.json';
import type languages from './fr/languages.json';
import type mail from './fr/mail.json';
import type notifications from './fr/notifications.json';
import type people from './fr/people.json';
import type plugins from './fr/plugins.json';
import type privacy from './fr/privacy.json';
import type references from './fr/references.json';
import type requests from './fr/requests.json';
import type rights from './fr/rights.json';
import type roles from './fr/roles.json';
import type search from './fr/search.json';
import type signin from './fr/signin.json';
import type terms from './fr/terms.json';
import type twins from './fr/twins.json';
import type ui from './fr/ui.json';
import type workspace from './fr/workspace.json';

/** What each file of words holds: `fr/<area>.json`, `de/<area>.json`, and where Switzerland differs `fr-CH/<area>.json`. */
interface Areas {
  account: keyof typeof account;
  app: keyof typeof app;
  asking: keyof typeof asking;
  document: keyof typeof document;
  extensions: keyof typeof extensions;
  journal: keyof typeof journal;
  languages: keyof typeof languages;
  mail: keyof typeof mail;
  notifications: keyof typeof notifications;
  people: keyof typeof people;
  plugins: keyof typeof plugins;
  privacy: keyof typeof privacy;
  references: keyof typeof references;
  requests: keyof typeof requests;
  rights: keyof typeof rights;
  roles: keyof typeof roles;
  search: keyof typeof search;
  signin: keyof typeof signin;
  terms: keyof typeof terms;
  twins: keyof typeof twins;
  ui: keyof typeof ui;
  workspace: keyof typeof workspace;
}

/** A file of words. `app` and `ui` are there from the start, the others come with the screens that say them. */
export type Area = keyof Areas;

/** Every sentence of the interface has an id in `fr/*.json`; a wrong id does not compile. */
export type MessageId = Areas[Area];
