// What a plugin was granted, as the server lists it ("route GET /polls", "core people"), in sentences.
import type { MessageId } from '@/i18n';

export interface GrantLine {
  id: string;
  text: MessageId;
  /** The names a developer knows. */
  names: string[];
  /** Which of the words of `names` the client says itself. */
  slots?: MessageId[];
  /** A grant this client has no sentence for. */
  unknown?: string;
}

const kStarts: [start: string, text: MessageId][] = [
  ['public route ', 'plugins.grant.public'],
  ['password route ', 'plugins.grant.password'],
  ['route ', 'plugins.grant.route'],
  ['well-known ', 'plugins.grant.well-known'],
  ['notice ', 'plugins.grant.notice'],
  ['ask ', 'plugins.grant.ask'],
  ['job ', 'plugins.grant.job'],
  ['channel ', 'plugins.grant.channel'],
  ['notify ', 'plugins.grant.notify'],
  ['network ', 'plugins.grant.network'],
  ['emit ', 'plugins.grant.emit'],
];
const kWhole: Record<string, MessageId> = {
  search: 'plugins.grant.search',
  'documents read': 'plugins.grant.documents.read',
  'documents edit': 'plugins.grant.documents.edit',
  'core amounts': 'plugins.grant.core.amounts',
  'core rules': 'plugins.grant.core.rules',
  'core delays': 'plugins.grant.core.rules',
  'core twins': 'plugins.grant.core.twins',
  'core rights': 'plugins.grant.core.rights',
  'core people': 'plugins.grant.core.people',
  'core organisations': 'plugins.grant.core.organisations',
  'core mandates': 'plugins.grant.core.organisations',
  'core territories': 'plugins.grant.core.territories',
};
const kSlots: Record<string, MessageId> = {
  page: 'plugins.slot.page',
  'workspace.tab': 'plugins.slot.workspace.tab',
  'document.sidebar': 'plugins.slot.document.sidebar',
  'document.block': 'plugins.slot.document.block',
  dashboard: 'plugins.slot.dashboard',
  command: 'plugins.slot.command',
  settings: 'plugins.slot.settings',
  portal: 'plugins.slot.portal',
  admin: 'plugins.slot.admin',
};
/** Most telling first: what leaves the server, then what it may do to documents, then the rest. */
const kOrder: MessageId[] = [
  'plugins.grant.network',
  'plugins.grant.public',
  'plugins.grant.password',
  'plugins.grant.documents.edit',
  'plugins.grant.documents.read',
  'plugins.grant.notify',
  'plugins.grant.core.people',
  'plugins.grant.ask',
];

function rank(text: MessageId): number {
  const at = kOrder.indexOf(text);
  return at < 0 ? kOrder.length : at;
}

/** One line for each kind of grant; one that is not known is shown as it is, never left out. */
export function grantLines(grants: readonly string[]): GrantLine[] {
  const lines = new Map<string, GrantLine>();
  const put = (text: MessageId, name?: string): GrantLine => {
    const line = lines.get(text) ?? { id: text, text, names: [] };
    if (name) line.names.push(name);
    lines.set(text, line);
    return line;
  };
  for (const grant of grants) {
    const whole = kWhole[grant];
    const start = kStarts.find(([words]) => grant.startsWith(words));
    if (whole) put(whole);
    else if (/^notice [^ ]+:/.test(grant)) put('plugins.grant.notice.plugin', grant.slice('notice '.length));
    else if (start) put(start[1], grant.slice(start[0].length));
    else if (grant.startsWith('ui ') && kSlots[grant.slice(3)]) {
      const line = put('plugins.grant.ui');
      line.slots = [...(line.slots ?? []), kSlots[grant.slice(3)]!];
    } else lines.set(grant, { id: grant, text: 'plugins.grant.other', names: [], unknown: grant });
  }
  return [...lines.values()].sort((a, b) => rank(a.text) - rank(b.text));
}

export interface RouteGroup {
  /** The beginning that the addresses of a group share: "/entries". */
  start: string;
  routes: string[];
}

/** More names than this are folded: a card stays a card. */
export const mostNames = 6;

const kRoutes: MessageId[] = ['plugins.grant.route', 'plugins.grant.public', 'plugins.grant.password'];

/** The addresses of a long line by what they begin with, in their own order; null for a line that is short or of another kind. */
export function routeGroups({ text, names }: GrantLine): RouteGroup[] | null {
  if (names.length <= mostNames || !kRoutes.includes(text)) return null;
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const start = `/${name.split('/')[1] ?? ''}`;
    groups.set(start, [...(groups.get(start) ?? []), name]);
  }
  return [...groups].map(([start, routes]) => ({ start, routes }));
}
