import type { Id } from '@/api';

/** Every address of the client, so that none is written twice. */
export const paths = {
  home: '/',
  spaces: '/espaces',
  createSpace: '/espaces?creer',
  workspace: (id: Id) => `/espaces/${id}`,
  documents: (id: Id) => `/espaces/${id}/documents`,
  members: (id: Id) => `/espaces/${id}/membres`,
  trash: (id: Id) => `/espaces/${id}/corbeille`,
  document: (workspace: Id, id: Id) => `/espaces/${workspace}/documents/${id}`,
  /** A translation beside its source. */
  bilingual: (workspace: Id, own: Id, source: Id) => `/espaces/${workspace}/documents/${own}?avec=${source}`,
  search: (q = '') => (q ? `/recherche?q=${encodeURIComponent(q)}` : '/recherche'),
  account: '/compte',
  notifications: '/notifications',
  notificationSettings: '/compte#notifications',
  sessions: '/compte#sessions',
  administration: '/administration',
  references: '/reperes',
  register: '/reperes/donnees',
  contact: '/compte#coordonnees',
  /** What a plugin draws: its page, its tab of a space, its part of the portal. `key` as `keyOf` makes it. */
  extension: (key: string) => `/e/${key}`,
  workspaceExtension: (id: Id, key: string) => `/espaces/${id}/e/${key}`,
  portalExtension: (key: string) => `/portail/e/${key}`,
  adminExtension: (key: string) => `/administration/e/${key}`,
  setup: '/demarrer',
  link: '/lien',
  /** Where providers of identities bring people who are not inside yet. */
  arrival: '/connexion',
  /** Asking for an account, and with a token behind # confirming it. */
  ask: '/demande',
  askPassword: '/mot-de-passe-oublie',
  askSignIn: '/connexion-par-courriel',
  invitation: (token: string) => `/invitation/${token}`,
  atelier: '/atelier',
};
