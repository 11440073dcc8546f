// A stand-in for the server while developing the client: docs/api.md in memory, seeded, without the live connection.
// `node dev/fake-api.mjs [port] [folder of the built client]`; sign in as technicienne@exemple.fr / motdepasse-long.
// Options in the environment: SETUP=1 starts without an administrator (token "jeton").
import { randomUUID } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';

const port = Number(process.argv[2] ?? 8080);
const folder = process.argv[3];
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; worker-src 'self'; manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; require-trusted-types-for 'script'";

const now = () => new Date().toISOString();
const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
const day = 1440;
const org = (name, short_name, country, kind = 'public') => ({
  id: randomUUID(),
  name,
  short_name,
  country,
  kind,
});
const O = {
  gb: org('Grand Belfort Communauté d’Agglomération', 'Grand Belfort', 'F'),
  pm: org('Pôle métropolitain Nord Franche-Comté', 'Pôle métropolitain', 'F'),
  audab: org('Agence d’urbanisme Besançon centre Franche-Comté', 'AUDAB', 'F'),
  ccst: org('Communauté de communes du Sud Territoire', 'CC du Sud Territoire', 'F'),
  ju: org('République et canton du Jura', 'canton du Jura', 'CH'),
  be: org('Kanton Bern', 'Kanton Bern', 'CH'),
  ostaj: org('Observatoire statistique transfrontalier', 'OSTAJ', 'CH'),
};
const person = (name, work, organisation, initials, more = {}) => ({
  id: randomUUID(),
  name,
  function: work,
  initials,
  organisation,
  is_admin: false,
  email: `${initials.toLowerCase()}@exemple.fr`,
  password: 'motdepasse-long',
  ui_locale: 'fr-FR',
  theme: 'system',
  single_keys: true,
  ...more,
});
const P = {
  tm: person('Technicienne mobilité', 'Mobilité', O.gb, 'TM', {
    email: 'technicienne@exemple.fr',
    is_admin: true,
  }),
  cs: person('Chargée de mission santé', 'Santé', O.pm, 'CS'),
  dg: person('Directeur général', 'Direction', O.ccst, 'DG'),
  ua: person('Urbaniste', 'Urbanisme', O.audab, 'UA'),
  cp: person('Chef de projet', 'Coopération', O.ju, 'CP'),
  kb: person('Fachstelle öV', 'Öffentlicher Verkehr', O.be, 'KB', { ui_locale: 'de-CH' }),
  os: person('Statisticienne', 'Observation', O.ostaj, 'OS'),
  ej: person('Élu', 'Comité de sélection', O.ju, 'ÉJ'),
};
const people = process.env.SETUP ? [] : Object.values(P);
const organisations = Object.values(O);
const territory = (name, short) => ({ id: randomUUID(), name, short, country: null });
const T = [
  territory('Nord Franche-Comté – Jura', 'NJ'),
  territory('Doubs horloger', 'DH'),
  territory('Mont d’Or – Chasseron', 'MC'),
  territory('Haut-Jura – Vallée de Joux', 'HJ'),
];
const workspaces = [];
const documents = [];
const invitations = new Map();
const sessions = new Map();

function workspace(name, description, place, members) {
  const made = {
    id: randomUUID(),
    name,
    description,
    territory: place,
    language: 'fr',
    updated_at: ago(4),
    members: members.map(([who, role]) => ({ who, role, joined_at: ago(90 * day) })),
  };
  workspaces.push(made);
  return made;
}
let count = 0;
function document(space, title, more = {}) {
  const made = {
    id: randomUUID(),
    workspace_id: space.id,
    parent_id: null,
    kind: 'document',
    title,
    language: 'fr',
    position: (count += 1),
    created_at: ago(30 * day),
    created_by: P.tm,
    updated_at: ago(2 * day),
    updated_by: P.cp,
    trashed_at: null,
    writers: [],
    ...more,
  };
  documents.push(made);
  return made;
}
if (!process.env.SETUP) {
  const nj = workspace(
    'Nord Franche-Comté – Jura',
    'Comité de pilotage territorial : techniciens des collectivités, des associations et de l’État, des deux côtés.',
    T[0],
    [
      [P.tm, 'manager'],
      [P.cs, 'editor'],
      [P.dg, 'reader'],
      [P.ua, 'editor'],
      [P.cp, 'manager'],
      [P.kb, 'editor'],
      [P.os, 'commenter'],
      [P.ej, 'reader'],
    ],
  );
  const dh = workspace('Doubs horloger', 'Savoir-faire horlogers et mécaniques d’art.', T[1], [
    [P.tm, 'editor'],
    [P.cp, 'manager'],
  ]);
  workspace('Mont d’Or – Chasseron', 'Alpages, tourisme et eau.', T[2], [
    [P.tm, 'reader'],
    [P.ua, 'manager'],
    [P.os, 'editor'],
  ]);
  workspace('Haut-Jura – Vallée de Joux', 'Mobilité des frontaliers et logement.', T[3], [[P.tm, 'manager']]);
  const folder_of = (title) => document(nj, title, { kind: 'folder' });
  const mob = folder_of('Mobilité');
  document(nj, 'Liaison cyclable Delle–Porrentruy', {
    parent_id: mob.id,
    writers: [P.tm, P.cp, P.ua],
    updated_at: ago(1),
  });
  document(nj, 'Tarification coordonnée des transports', { parent_id: mob.id, updated_at: ago(day) });
  document(nj, 'Correspondances Belfort–Delle', { parent_id: mob.id, updated_at: ago(40) });
  const sante = folder_of('Santé');
  document(nj, 'Contrat local de santé : volet frontalier', {
    parent_id: sante.id,
    writers: [P.cs],
    updated_at: ago(3),
  });
  document(nj, 'Urgences : qui intervient où', { parent_id: sante.id, updated_at: ago(9 * day) });
  const gov = folder_of('Gouvernance');
  document(nj, 'Calendrier des instances 2026–2027', { parent_id: gov.id, updated_at: ago(35 * day) });
  document(nj, 'Protokoll Steuerungsausschuss, Entwurf', {
    parent_id: gov.id,
    language: 'de',
    writers: [P.kb, P.os],
    updated_at: ago(6),
  });
  const arch = folder_of('Archives 2016–2020');
  for (let year = 2016; year <= 2020; year += 1)
    document(nj, `Compte rendu du comité de pilotage ${year}`, {
      parent_id: arch.id,
      updated_at: ago((2026 - year) * 365 * day),
    });
  document(nj, 'Club d’entreprises : transition écologique', { updated_at: ago(50 * day) });
  document(nj, 'Brouillon abandonné', { trashed_at: ago(3 * day) });
  document(dh, 'Inventaire des ateliers', { updated_at: ago(5 * day) });
}

const fold = (text) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
const shown = (who) => ({
  id: who.id,
  name: who.name,
  function: who.function,
  initials: who.initials,
  organisation: who.organisation,
  is_admin: who.is_admin,
});
const self = (who) => ({
  ...shown(who),
  email: who.email,
  ui_locale: who.ui_locale,
  theme: who.theme,
  single_keys: who.single_keys,
});
const role_in = (space, who) =>
  space.members.find((each) => each.who === who)?.role ?? (who.is_admin ? 'manager' : null);
const living = (space) => documents.filter((each) => each.workspace_id === space.id && !each.trashed_at);
const out_space = (space, who) => ({
  id: space.id,
  name: space.name,
  description: space.description,
  territory: space.territory,
  language: space.language,
  my_role: role_in(space, who),
  updated_at: space.updated_at,
  counts: {
    documents: living(space).filter((each) => each.kind === 'document').length,
    members: space.members.length,
    members_f: space.members.filter((each) => each.who.organisation?.country === 'F').length,
    members_ch: space.members.filter((each) => each.who.organisation?.country === 'CH').length,
  },
});
const out_doc = (doc, more = {}) => ({
  ...doc,
  created_by: doc.created_by && shown(doc.created_by),
  updated_by: doc.updated_by && shown(doc.updated_by),
  writers: doc.writers.map(shown),
  ...more,
});
const placed_doc = (doc) => {
  const space = workspaces.find((each) => each.id === doc.workspace_id);
  return out_doc(doc, { workspace: { id: space.id, name: space.name } });
};

class Problem extends Error {
  constructor(status, code, detail, field) {
    super(code);
    Object.assign(this, { status, code, detail, field });
  }
}
const need = (body, field) => {
  if (!String(body[field] ?? '').trim())
    throw new Problem(422, 'field_missing', 'Ce champ est nécessaire.', field);
};
const attempts = new Map();

const routes = [];
const route = (method, pattern, handle, open = false) =>
  routes.push({ method, parts: pattern.split('/'), handle, open });
const space_of = (id, who) => {
  const space = workspaces.find((each) => each.id === id);
  if (!space || !role_in(space, who))
    throw new Problem(
      404,
      'workspace_not_found',
      'Cet espace n’existe pas, ou n’est pas ouvert à votre compte.',
    );
  return space;
};
const doc_of = (id, who) => {
  const doc = documents.find((each) => each.id === id);
  if (!doc) throw new Problem(404, 'document_not_found', 'Ce document n’existe pas.');
  return [doc, space_of(doc.workspace_id, who)];
};
const under = (id) => {
  const found = new Set([id]);
  let size = 0;
  while (size !== found.size) {
    size = found.size;
    for (const each of documents) if (found.has(each.parent_id)) found.add(each.id);
  }
  return found;
};
const siblings = (space_id, parent) =>
  documents
    .filter((each) => each.workspace_id === space_id && each.parent_id === parent && !each.trashed_at)
    .sort((a, b) => a.position - b.position);
const arrange = (doc, parent_id, after_id) => {
  const list = siblings(doc.workspace_id, parent_id).filter((each) => each !== doc);
  const at = after_id ? list.findIndex((each) => each.id === after_id) + 1 : 0;
  list.splice(at, 0, doc);
  doc.parent_id = parent_id;
  list.forEach((each, index) => (each.position = index + 1));
};
const enter = (who, answer) => {
  const id = randomUUID();
  sessions.set(id, { id, who, created_at: now(), last_seen_at: now(), device: 'Chromium, Linux' });
  answer.setHeader('Set-Cookie', `cluse_session=${id}; Path=/; HttpOnly; SameSite=Lax`);
  return { me: self(who) };
};
const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join('')
    .toUpperCase();

route(
  'GET',
  'bootstrap',
  ({ who }) => ({
    instance: { name: 'Cluse', version: 'dev', needs_setup: people.length === 0, demo: false },
    me: who ? self(who) : null,
  }),
  true,
);
route(
  'POST',
  'setup',
  ({ body, answer }) => {
    if (people.length) throw new Problem(410, 'setup_done', 'Cette instance a déjà son administrateur.');
    if (body.token !== 'jeton')
      throw new Problem(403, 'setup_token_wrong', 'Ce jeton n’est pas celui que le serveur a affiché.');
    for (const field of ['name', 'email', 'password']) need(body, field);
    if (body.password.length < 12)
      throw new Problem(
        422,
        'password_weak',
        'Le mot de passe doit avoir au moins 12 caractères.',
        'password',
      );
    const made = person(
      body.name,
      '',
      org(body.organisation.name, body.organisation.name, body.organisation.country),
      initials(body.name),
      { email: body.email, password: body.password, is_admin: true, ui_locale: body.ui_locale },
    );
    people.push(made);
    return enter(made, answer);
  },
  true,
);
route(
  'POST',
  'session',
  ({ body, answer }) => {
    const tries = (attempts.get(body.email) ?? 0) + 1;
    attempts.set(body.email, tries);
    if (tries > 5) {
      answer.setHeader('Retry-After', '30');
      throw new Problem(429, 'too_many_attempts', 'Trop d’essais.');
    }
    const who = people.find((each) => each.email === body.email && each.password === body.password);
    if (!who)
      throw new Problem(
        401,
        'sign_in_failed',
        'Adresse ou mot de passe incorrect. Vérifiez les deux, puis réessayez.',
      );
    attempts.delete(body.email);
    return enter(who, answer);
  },
  true,
);
route('DELETE', 'session', ({ session }) => void sessions.delete(session.id));
route('GET', 'sessions', ({ who, session }) => ({
  sessions: [...sessions.values()]
    .filter((each) => each.who === who)
    .map((each) => ({ ...each, who: undefined, current: each.id === session.id })),
}));
route('DELETE', 'sessions/:id', ({ id }) => void sessions.delete(id));
route('PATCH', 'me', ({ who, body }) => {
  if ('name' in body) need(body, 'name');
  Object.assign(who, body);
  return { me: self(who) };
});
route('POST', 'me/password', ({ who, body }) => {
  if (body.current !== who.password)
    throw new Problem(403, 'password_wrong', 'Le mot de passe actuel n’est pas celui-ci.', 'current');
  if (body.password.length < 12)
    throw new Problem(422, 'password_weak', 'Le mot de passe doit avoir au moins 12 caractères.', 'password');
  who.password = body.password;
});
route('POST', 'invitations', ({ who, body }) => {
  const token = randomUUID().slice(0, 12);
  const made = {
    id: randomUUID(),
    token,
    url: `/invitation/${token}`,
    expires_at: ago(-14 * day),
    by: who,
    ...body,
  };
  invitations.set(token, made);
  return [201, { id: made.id, url: made.url, token, expires_at: made.expires_at }];
});
const invitation_of = (token) => {
  const found = invitations.get(token);
  if (!found)
    throw new Problem(
      404,
      'invitation_not_found',
      'Cette invitation n’existe pas ou a déjà servi. Demandez-en une nouvelle.',
    );
  return found;
};
route(
  'GET',
  'invitations/:id',
  ({ id }) => {
    const made = invitation_of(id);
    const space = workspaces.find((each) => each.id === made.workspace_id);
    return {
      workspace: space ? { id: space.id, name: space.name } : null,
      role: made.role ?? null,
      invited_by: shown(made.by),
      email: made.email ?? null,
      expires_at: made.expires_at,
    };
  },
  true,
);
route(
  'POST',
  'invitations/:id/accept',
  ({ id, who, body, answer }) => {
    const made = invitation_of(id);
    let me = who;
    let reply = me && { me: self(me) };
    if (!me) {
      for (const field of ['name', 'email', 'password']) need(body, field);
      if (people.some((each) => each.email === body.email))
        throw new Problem(
          409,
          'email_taken',
          'Un compte a déjà cette adresse. Connectez-vous avec lui.',
          'email',
        );
      if (body.password.length < 12)
        throw new Problem(
          422,
          'password_weak',
          'Le mot de passe doit avoir au moins 12 caractères.',
          'password',
        );
      const where =
        organisations.find((each) => each.id === body.organisation_id) ??
        org(body.organisation.name, body.organisation.name, body.organisation.country);
      me = person(body.name, body.function, where, initials(body.name), {
        email: body.email,
        password: body.password,
        ui_locale: body.ui_locale,
      });
      people.push(me);
      reply = enter(me, answer);
    }
    const space = workspaces.find((each) => each.id === made.workspace_id);
    if (space && !space.members.some((each) => each.who === me))
      space.members.push({ who: me, role: made.role ?? 'reader', joined_at: now() });
    invitations.delete(id);
    return { ...reply, workspace_id: space?.id ?? null };
  },
  true,
);
route(
  'GET',
  'organisations',
  ({ query }) => ({
    organisations: organisations
      .filter((each) => fold(`${each.name} ${each.short_name}`).includes(fold(query.get('q') ?? '')))
      .slice(0, 20),
  }),
  true,
);
route('GET', 'people', ({ query }) => ({
  people: people
    .filter((each) =>
      fold(`${each.name} ${each.function} ${each.organisation?.name}`).includes(fold(query.get('q') ?? '')),
    )
    .map(shown),
}));
route('GET', 'territories', () => ({ territories: T }));
route('GET', 'workspaces', ({ who }) => ({
  workspaces: workspaces.filter((each) => role_in(each, who)).map((each) => out_space(each, who)),
}));
route('POST', 'workspaces', ({ who, body }) => {
  need(body, 'name');
  const made = workspace(
    body.name,
    body.description ?? '',
    T.find((each) => each.id === body.territory_id),
    [[who, 'manager']],
  );
  made.language = body.language ?? 'fr';
  return [201, out_space(made, who)];
});
route('GET', 'workspaces/:id', ({ id, who }) => out_space(space_of(id, who), who));
route('PATCH', 'workspaces/:id', ({ id, who, body }) => {
  if ('name' in body) need(body, 'name');
  return out_space(Object.assign(space_of(id, who), body), who);
});
const out_member = (each) => ({ ...shown(each.who), role: each.role, joined_at: each.joined_at });
route('GET', 'workspaces/:id/members', ({ id, who }) => ({
  members: space_of(id, who).members.map(out_member),
}));
const guard_last = (space, person_id) => {
  if (space.members.filter((each) => each.role === 'manager' && each.who.id !== person_id).length === 0)
    throw new Problem(
      409,
      'last_manager',
      'L’espace doit garder au moins une personne qui le gère. Donnez ce rôle à quelqu’un d’autre d’abord.',
    );
};
route('PUT', 'workspaces/:id/members/:other', ({ id, other, who, body }) => {
  const space = space_of(id, who);
  let member = space.members.find((each) => each.who.id === other);
  if (member?.role === 'manager' && body.role !== 'manager') guard_last(space, other);
  if (!member)
    space.members.push((member = { who: people.find((each) => each.id === other), joined_at: now() }));
  member.role = body.role;
  return out_member(member);
});
route('DELETE', 'workspaces/:id/members/:other', ({ id, other, who }) => {
  const space = space_of(id, who);
  guard_last(space, other);
  space.members = space.members.filter((each) => each.who.id !== other);
});
route('GET', 'workspaces/:id/documents', ({ id, who }) => ({
  documents: living(space_of(id, who)).map((each) => out_doc(each)),
}));
route('GET', 'workspaces/:id/trash', ({ id, who }) => ({
  documents: documents
    .filter((each) => each.workspace_id === space_of(id, who).id && each.trashed_at)
    .map((each) => out_doc(each)),
}));
route('POST', 'workspaces/:id/documents', ({ id, who, body }) => {
  const space = space_of(id, who);
  need(body, 'title');
  const made = document(space, body.title, {
    kind: body.kind ?? 'document',
    parent_id: body.parent_id ?? null,
    language: body.language ?? space.language,
    created_at: now(),
    created_by: who,
    updated_at: now(),
    updated_by: who,
  });
  arrange(made, made.parent_id, body.after_id ?? null);
  return [201, out_doc(made)];
});
route('GET', 'documents/:id', ({ id, who }) => {
  const [doc, space] = doc_of(id, who);
  if (doc.trashed_at) throw new Problem(410, 'document_trashed', 'Ce document est à la corbeille.');
  return out_doc(doc, { my_role: role_in(space, who) });
});
route('PATCH', 'documents/:id', ({ id, who, body }) => {
  if (body.title === 'refuse') throw new Problem(422, 'field_invalid', 'Ce titre est déjà pris.', 'title');
  return out_doc(Object.assign(doc_of(id, who)[0], body, { updated_at: now() }));
});
route('POST', 'documents/:id/move', ({ id, who, body }) => {
  const [doc] = doc_of(id, who);
  if (under(id).has(body.parent_id))
    throw new Problem(409, 'move_into_itself', 'Un dossier ne peut pas aller dans lui-même.');
  arrange(doc, body.parent_id, body.after_id);
  return out_doc(doc);
});
route('DELETE', 'documents/:id', ({ id, who, query }) => {
  const [doc] = doc_of(id, who);
  const all = under(doc.id);
  if (query.get('permanent'))
    for (const each of all)
      documents.splice(
        documents.findIndex((one) => one.id === each),
        1,
      );
  else for (const each of documents) if (all.has(each.id)) each.trashed_at = now();
});
route('POST', 'documents/:id/restore', ({ id, who }) => {
  const [doc] = doc_of(id, who);
  for (const each of documents) if (under(id).has(each.id)) each.trashed_at = null;
  const parent = documents.find((each) => each.id === doc.parent_id);
  if (!parent || parent.trashed_at) doc.parent_id = null;
  return out_doc(doc);
});
route('POST', 'workspaces/:id/import', ({ id, who, query }) => [
  201,
  out_doc(
    document(space_of(id, who), query.get('filename').replace(/\.\w+$/, ''), {
      updated_at: now(),
      created_by: who,
    }),
  ),
]);
route('GET', 'documents/:id/export', ({ id, who, answer }) => {
  const [doc] = doc_of(id, who);
  answer.setHeader('Content-Disposition', 'attachment; filename="document.md"');
  return { raw: `# ${doc.title}\n`, type: 'text/markdown' };
});
route('GET', 'home', ({ who }) => {
  const mine = workspaces.filter((each) => role_in(each, who));
  const docs = documents
    .filter((each) => each.kind === 'document' && !each.trashed_at)
    .sort((a, b) => b.updated_at.localeCompare(a.updated_at));
  return {
    recent: docs.slice(0, 8).map(placed_doc),
    writing_now: docs.filter((each) => each.writers.length).map(placed_doc),
    workspaces: mine.map((each) => out_space(each, who)),
  };
});
route('GET', 'find', ({ query, who }) => {
  const q = fold(query.get('q') ?? '');
  const docs = documents.filter((each) => !each.trashed_at && fold(each.title).includes(q));
  if (!q)
    return {
      documents: docs
        .filter((each) => each.kind === 'document')
        .slice(0, 5)
        .map(placed_doc),
      workspaces: [],
      people: [],
    };
  return {
    documents: docs.slice(0, 8).map(placed_doc),
    workspaces: workspaces.filter((each) => fold(each.name).includes(q)).map((each) => out_space(each, who)),
    people: people.filter((each) => fold(each.name).includes(q)).map(shown),
  };
});

const types = {
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
};
createServer((request, answer) => {
  const url = new URL(request.url, 'http://localhost');
  answer.setHeader('Content-Security-Policy', policy);
  if (!url.pathname.startsWith('/api/v1/')) {
    let file = folder && join(folder, normalize(url.pathname));
    if (folder && (!existsSync(file) || !statSync(file).isFile())) file = join(folder, 'index.html');
    if (!file) return void answer.writeHead(404).end();
    answer.setHeader('Content-Type', types[extname(file)] ?? 'application/octet-stream');
    return void createReadStream(file).pipe(answer);
  }
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    try {
      const session = sessions.get(/cluse_session=([\w-]+)/.exec(request.headers.cookie ?? '')?.[1]);
      const path = url.pathname.slice('/api/v1/'.length).split('/');
      const found = routes.find(
        (each) =>
          each.method === request.method &&
          each.parts.length === path.length &&
          each.parts.every((part, index) => part.startsWith(':') || part === path[index]),
      );
      if (!found) throw new Problem(404, 'route_not_found', 'Cette adresse n’existe pas.');
      if (!session && !found.open) throw new Problem(401, 'not_signed_in', 'Connectez-vous pour continuer.');
      const names = Object.fromEntries(
        found.parts
          .map((part, index) => [part, path[index]])
          .filter(([part]) => part.startsWith(':'))
          .map(([part, value]) => [part.slice(1), decodeURIComponent(value)]),
      );
      const text = Buffer.concat(chunks).toString();
      const body =
        request.headers['content-type']?.startsWith('application/json') && text ? JSON.parse(text) : {};
      let result = found.handle({
        ...names,
        body,
        query: url.searchParams,
        who: session?.who,
        session,
        answer,
      });
      let status = 200;
      if (Array.isArray(result)) [status, result] = result;
      if (result === undefined) return void answer.writeHead(204).end();
      if (result.raw) return void answer.writeHead(200, { 'Content-Type': result.type }).end(result.raw);
      answer.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(result));
    } catch (error) {
      const { status = 500, code = 'internal', detail = String(error.stack), field } = error;
      answer
        .writeHead(status, { 'Content-Type': 'application/problem+json' })
        .end(
          JSON.stringify({
            type: 'about:blank',
            status,
            code,
            title: code,
            detail,
            field,
            request_id: randomUUID(),
          }),
        );
    }
  });
}).listen(port, '127.0.0.1', () => console.log(`stand-in on http://127.0.0.1:${port}`));
