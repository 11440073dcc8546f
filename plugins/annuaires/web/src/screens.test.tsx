// The screens on a fake host: what they ask for, what they send, and what they show when it fails.
import { options } from 'preact';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { mount as card } from './dashboard';
import { mount as page } from './page';
import { mount as portal } from './portal';
import { fakeHost, Refusal, type Answering, type FakeHost } from './testing/fake_host';
import { answers, entry } from './testing/fixtures';

// Drawn at once, as it is between two events of a person.
options.debounceRendering = (draw) => draw();

let seat: HTMLElement;
let unmount: (() => void) | void;

beforeEach(() => {
  seat = document.createElement('div');
  document.body.append(seat);
});
afterEach(() => {
  unmount?.();
  seat.remove();
  vi.useRealTimers();
});

function open(
  path: string,
  { answering = answers(), module = page, slot = 'page', locale = 'fr-FR' } = {},
): FakeHost {
  const host = fakeHost(answering, { path, slot, locale });
  unmount = module(seat, host);
  return host;
}
const shown = (text: string | RegExp) =>
  vi.waitFor(() => {
    expect(seat.textContent).toMatch(text);
  });
const find = (selector: string, text: string) =>
  vi.waitFor(() => {
    const found = [...seat.querySelectorAll<HTMLElement>(selector)].find(
      (one) => one.textContent?.includes(text) || one.getAttribute('aria-label')?.includes(text),
    );
    if (!found) throw new Error(`no ${selector} "${text}" in ${seat.textContent}`);
    return found;
  });
const press = async (selector: string, text: string) => (await find(selector, text)).click();
function type(field: HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement, value: string) {
  field.value = value;
  field.dispatchEvent(new Event(field instanceof HTMLSelectElement ? 'change' : 'input', { bubbles: true }));
}
const labelled = async (label: string): Promise<HTMLInputElement> => {
  const found = await find('label', label);
  return seat.querySelector<HTMLInputElement>(`[id="${found.getAttribute('for')}"]`)!;
};
const sent = (host: FakeHost, method: string) => host.asked.filter((one) => one.method === method);
const over = (change: Answering): Answering => {
  const known = answers();
  return (method, path, body) => {
    const other = change(method, path, body);
    return other === undefined ? known(method, path, body) : other;
  };
};

test('the list asks for what the address says, and a filter changes the address', async () => {
  const host = open('/partenaires/liste?q=canton&pays=CH&page=2');
  await shown('République et Canton du Jura');
  const asked = host.asked.find(({ path }) => path.includes('/entries?'))!;
  expect(Object.fromEntries(new URLSearchParams(asked.path.split('?')[1]))).toEqual({
    q: 'canton',
    country: 'CH',
    limit: '50',
    offset: '50',
    facets: '1',
  });
  type((await find('select', 'Politique')) as HTMLSelectElement, 'mobility');
  expect(host.path).toBe('/partenaires/liste?q=canton&pays=CH&politique=mobility');
});

test('what is typed is searched when typing rests, and leaves no trail of addresses', async () => {
  const host = open('/partenaires');
  const box = (await find('input[type="search"]', 'Chercher')) as HTMLInputElement;
  type(box, 'bel');
  type(box, 'belfort');
  expect(host.path).toBe('/partenaires');
  await vi.waitFor(() => expect(host.path).toBe('/partenaires/liste?q=belfort'));
  await shown(/1 fiche/);
  expect(host.asked.filter(({ path }) => path.includes('q=bel&')).length).toBe(0);
});

test('nothing found: the way back to everything; an error: the way to try again', async () => {
  let broken = true;
  const host = open('/partenaires?q=zzz', {
    answering: over((_, path) => {
      if (broken && path.includes('/entries?')) throw new Refusal(500, 'internal', 'Le serveur est occupé.');
      return undefined;
    }),
  });
  await shown('Le serveur est occupé.');
  broken = false;
  await press('button', 'Réessayer');
  await shown('Aucune fiche ne correspond');
  await press('a', 'Voir toutes les fiches');
  expect(host.path).toBe('/partenaires');
});

test('an edit sends what was changed alone, and can be undone', async () => {
  const host = open('/partenaires/fiches/1/modifier');
  type(await labelled('Téléphone'), '+33 3 00 00 00 00');
  seat.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(host.path).toBe('/partenaires/fiches/1'));
  expect(sent(host, 'PUT')[0]!.body).toEqual({ version: 4, values: { phone: '+33 3 00 00 00 00' } });
  host.toasts[0]!.action!.run();
  await vi.waitFor(() => expect(sent(host, 'PUT')).toHaveLength(2));
  expect(sent(host, 'PUT')[1]!.body).toMatchObject({ version: 5, values: { phone: '+33 3 39 30 00 65' } });
});

test('nothing changed: nothing is sent', async () => {
  const host = open('/partenaires/fiches/1/modifier');
  await labelled('Téléphone');
  seat.querySelector('form')!.requestSubmit();
  await shown('Rien n’a été modifié.');
  expect(sent(host, 'PUT')).toEqual([]);
});

test('a value that is refused says so beside its field', async () => {
  open('/partenaires/fiches/1/modifier');
  type(await labelled('Courriel'), 'faux');
  seat.querySelector('form')!.requestSubmit();
  await shown('Cette adresse n’a pas de domaine');
  const field = await labelled('Courriel');
  expect(field.getAttribute('aria-invalid')).toBe('true');
  expect(seat.querySelector(`[id="${field.getAttribute('aria-describedby')}"]`)?.textContent).toContain(
    'domaine',
  );
});

test('all that is wrong is said at once, each beside its field, and the first has the focus', async () => {
  const wrong = (field: string, message: string) => ({ field, code: 'x', message });
  const errors = [
    wrong('phone', 'Ce numéro est trop court.'),
    wrong('email', 'Cette adresse n’a pas de domaine.'),
    wrong('elsewhere', 'Ce champ n’existe pas ici.'),
    wrong('email', 'Une seconde chose.'),
  ];
  open('/partenaires/fiches/1/modifier', {
    answering: over((method) => {
      if (method === 'PUT')
        throw new Refusal(422, 'phone_wrong', 'Ce numéro est trop court.', 'phone', errors);
      return undefined;
    }),
  });
  type(await labelled('Courriel'), 'faux');
  seat.querySelector('form')!.requestSubmit();
  await shown('2 champs sont à corriger.Ce champ n’existe pas ici.');
  const said = async (label: string) => {
    const field = await labelled(label);
    return seat.querySelector(`[id="${field.getAttribute('aria-describedby')}"]`)?.textContent;
  };
  expect(await said('Téléphone')).toBe('Ce numéro est trop court.');
  expect(await said('Courriel')).toBe('Cette adresse n’a pas de domaine.');
  expect(document.activeElement).toBe(seat.querySelector('[aria-invalid="true"]'));
});

test('the settings open every field in which something is wrong', async () => {
  const errors = ['fields.phone.label', 'fields.email.label'].map((field) => ({
    field,
    code: 'field_missing',
    message: 'Ce champ est obligatoire.',
  }));
  open('/partenaires/reglages', {
    answering: over((method) => {
      if (method === 'PUT')
        throw new Refusal(422, 'field_missing', 'Ce champ est obligatoire.', null, errors);
      return undefined;
    }),
  });
  type(await labelled('En allemand'), 'Partner der Region');
  seat.querySelector('form')!.requestSubmit();
  await shown('2 champs sont à corriger.');
  expect(seat.querySelectorAll('.an-field-name[aria-expanded="true"]').length).toBe(2);
  expect(seat.querySelectorAll('.an-error').length).toBe(2);
  expect(document.activeElement?.getAttribute('aria-invalid')).toBe('true');
});

test('a directory does not take the address of a screen, and is told so before anything is sent', async () => {
  const host = open('/nouveau');
  type(await labelled('En français'), 'Doublons');
  seat.querySelector('form')!.requestSubmit();
  await shown('Cette adresse est celle d’un écran de l’annuaire');
  expect(sent(host, 'POST')).toEqual([]);
  expect((document.activeElement as HTMLInputElement).value).toBe('doublons');
  type(await labelled('Adresse'), 'doublons-2');
  seat.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(sent(host, 'POST')).toHaveLength(1));
});

test('somebody was faster: both changes stay, and the second try names the new version', async () => {
  let version = 4;
  const answering = over((method, path) => {
    if (path !== '/entries/1') return undefined;
    if (method === 'GET')
      return {
        entry: entry(1, {
          version,
          values: {
            ...entry(1).values,
            website: version > 4 ? 'https://neu.example' : entry(1).values['website'],
          },
        }),
      };
    if (version > 4) return undefined;
    version = 9;
    throw new Refusal(409, 'version_conflict', 'La fiche a changé.');
  });
  const host = open('/partenaires/fiches/1/modifier', { answering });
  type(await labelled('Téléphone'), '+33 3 00 00 00 00');
  seat.querySelector('form')!.requestSubmit();
  await shown(/modifiée entre-temps \(Site\)/);
  expect((await labelled('Site')).value).toBe('https://neu.example');
  expect((await labelled('Téléphone')).value).toBe('+33 3 00 00 00 00');
  seat.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(sent(host, 'PUT')).toHaveLength(2));
  expect(sent(host, 'PUT')[1]!.body).toEqual({ version: 9, values: { phone: '+33 3 00 00 00 00' } });
});

test('a correction goes to the secretariat and can be taken back', async () => {
  const host = open('/partenaires/fiches/1/corriger');
  type(await labelled('Téléphone'), '+33 3 11 11 11 11');
  seat.querySelector('form')!.requestSubmit();
  await vi.waitFor(() => expect(sent(host, 'POST')).toHaveLength(1));
  expect(sent(host, 'POST')[0]).toMatchObject({
    path: '/entries/1/changes',
    body: { values: { phone: '+33 3 11 11 11 11' } },
  });
  await vi.waitFor(() => expect(host.toasts).toHaveLength(1));
  host.toasts[0]!.action!.run();
  await vi.waitFor(() => expect(sent(host, 'DELETE').map(({ path }) => path)).toEqual(['/changes/1']));
});

test('refusing wants a reason; an answer is sent after the time to take it back', async () => {
  const host = open('/partenaires/demandes');
  await press('button', 'Tout refuser');
  await shown('Écrivez pourquoi');
  type(await labelled('Motif du refus'), 'Numéro d’un autre service');
  vi.useFakeTimers();
  await press('button', 'Tout refuser');
  expect(sent(host, 'POST')).toEqual([]);
  await vi.advanceTimersByTimeAsync(9000);
  expect(sent(host, 'POST')[0]).toMatchObject({
    path: '/changes/1/review',
    body: { accept: [], refuse: ['phone', 'about', 'policies'], reason: 'Numéro d’un autre service' },
  });
});

test('an answer that is taken back is never sent, one that waits is sent on leaving', async () => {
  const host = open('/partenaires/demandes');
  await press('button', 'Tout accepter');
  host.toasts[0]!.action!.run();
  await shown('Pôle métropolitain');
  await press('button', 'Tout accepter');
  unmount?.();
  unmount = undefined;
  await vi.waitFor(() => expect(sent(host, 'POST')).toHaveLength(1));
  expect(sent(host, 'POST')[0]!.path).toBe('/changes/1/review');
});

test('a merge takes the chosen values and what the kept entry lacks', async () => {
  const host = open('/partenaires/doublons');
  const names = await vi.waitFor(() => {
    const found = seat.querySelectorAll<HTMLInputElement>('input[name="d1-name"]');
    expect(found).toHaveLength(2);
    return found;
  });
  names[1]!.click();
  await press('button', 'Fusionner');
  await vi.waitFor(() => expect(sent(host, 'POST')).toHaveLength(1));
  expect(sent(host, 'POST')[0]!.body).toEqual({
    keep: 2,
    merge: [31],
    values: {
      name: { fr: 'Grand Belfort Communauté d’Agglomération', de: '' },
      website: 'https://grandbelfort.example',
    },
  });
  await vi.waitFor(() => expect(host.toasts).toHaveLength(1));
  host.toasts[0]!.action!.run();
  await vi.waitFor(() => expect(sent(host, 'POST').at(-1)!.path).toBe('/batches/5/undo'));
});

test('a file goes in parts, then its columns are read', async () => {
  const host = open('/partenaires/imports');
  const input = (await find('input[type="file"]', 'Choisir un fichier')) as HTMLInputElement;
  const file = new File(['x'.repeat(600_000)], 'liste.csv');
  Object.defineProperty(input, 'files', { value: [file] });
  input.dispatchEvent(new Event('change', { bubbles: true }));
  await vi.waitFor(() => expect(host.path).toBe('/partenaires/imports/8'));
  expect(sent(host, 'PUT').map(({ path, body }) => [path, (body as Blob).size])).toEqual([
    ['/imports/8/parts/0', 524_288],
    ['/imports/8/parts/1', 75_712],
  ]);
  await press('button', 'Vérifier les lignes');
  await vi.waitFor(() =>
    expect(sent(host, 'POST').at(-1)).toMatchObject({
      path: '/imports/8/check',
      body: { on_match: 'ask', match: ['email'] },
    }),
  );
});

test('the map without shapes: its list stands alone, filters and opens what is there', async () => {
  const host = open('/partenaires/carte');
  await shown('Pas encore de fond de carte');
  const button = await find('.an-twin button', 'Grand Belfort');
  button.focus();
  button.click();
  expect(host.path).toBe('/partenaires/carte?territoire=epci%3A200069052&fiche=ici');
  await shown('Voir la fiche');
  const card = seat.querySelector<HTMLElement>('.an-card-seat')!;
  expect(document.activeElement).toBe(card);
  card.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(seat.querySelector('.an-card-seat')).toBeNull());
  expect(host.path).toBe('/partenaires/carte?territoire=epci%3A200069052');
  expect(document.activeElement).toBe(await find('.an-twin button', 'Grand Belfort'));
});

test('a row beside the map opens its card and is marked; the link to the whole entry leaves the map', async () => {
  const host = open('/partenaires/carte');
  await press('.an-lines a', 'République et Canton du Jura');
  await shown('Vérifiée le');
  expect(seat.querySelector('.an-lines [aria-current="true"]')!.textContent).toContain('Jura');
  const id = /fiche=(\d+)/.exec(host.path)![1]!;
  await press('.an-fiche a', 'Voir la fiche');
  expect(host.path).toBe(`/partenaires/fiches/${id}`);
});

test('several entries in a place: their names first, then the card of one and the way back', async () => {
  const known = answers();
  const host = open('/partenaires/carte?territoire=canton:JU&fiche=ici', {
    answering: over((_, path) =>
      path.includes('/entries?') ? known('GET', path.replace(/territory=[^&]*/, ''), undefined) : undefined,
    ),
  });
  await shown(/\d+ fiches ici/);
  expect(document.activeElement).toBe(document.body);
  await press('.an-fiche-rows a', 'Grand Belfort');
  await press('.an-fiche a', 'Toutes les fiches d’ici');
  expect(host.path).toBe('/partenaires/carte?territoire=canton%3AJU&fiche=ici');
  await shown(/\d+ fiches ici/);
});

test('a map is given by a file: what is wrong with it is said, what is right is sent', async () => {
  const host = open('/partenaires/carte');
  await shown('Pas encore de fond de carte');
  const give = (text: string) => {
    const input = seat.querySelector<HTMLInputElement>('input[type="file"]')!;
    Object.defineProperty(input, 'files', {
      value: [new File([text], 'carte.topojson')],
      configurable: true,
    });
    input.dispatchEvent(new Event('change', { bubbles: true }));
  };
  give('{"type":');
  await shown('Ce fichier ne se lit pas');
  give('{"type":"Topology","arcs":[],"objects":{}}');
  await shown('n’est pas un TopoJSON avec une couche');
  give(`"${'x'.repeat(1_000_000)}"`);
  await shown('dépasse 1');
  expect(sent(host, 'PUT')).toEqual([]);
  const square = {
    type: 'Topology',
    arcs: [
      [
        [6, 47],
        [7, 47],
        [7, 48],
        [6, 47],
      ],
    ],
    objects: {
      cantons: { type: 'GeometryCollection', geometries: [{ type: 'Polygon', id: 'JU', arcs: [[0]] }] },
    },
  };
  give(JSON.stringify(square));
  await vi.waitFor(() => expect(sent(host, 'PUT')).toMatchObject([{ path: '/map/shapes', body: square }]));
});

test('the arrow keys walk through the chart', async () => {
  const host = open('/partenaires/organigramme');
  const first = await find('[role="treeitem"]', 'Pays de Montbéliard');
  first.focus();
  first.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowRight', bubbles: true }));
  const second = await vi.waitFor(() => {
    const found = seat.querySelector<HTMLElement>('[role="treeitem"][tabindex="0"]')!;
    expect(found.textContent).toContain('Pôle métropolitain');
    return found;
  });
  second.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowLeft', bubbles: true }));
  await vi.waitFor(() => expect(second.getAttribute('aria-expanded')).toBe('false'));
  second.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
  expect(host.path).toBe('/partenaires/fiches/1');
});

test('without the right, the desks of the secretariat are not offered', async () => {
  open('/partenaires', {
    answering: over((_, path) =>
      path === '/directories'
        ? {
            ...(answers()('GET', path, undefined) as object),
            may: { manage: false, create: false },
            waiting: null,
          }
        : undefined,
    ),
  });
  await shown('Proposer une fiche');
  expect(seat.querySelector('nav.cl-tabs')!.textContent).toBe('FichesHomologuesExporter');
});

test('German is German, and what has no German says that it is French', async () => {
  open('/partenaires', { locale: 'de-CH' });
  await shown('412 Einträge');
  const french = await find('span[lang="fr"]', 'Grand Belfort');
  expect(french.textContent).toBe('Grand Belfort');
});

test('an address that is none says so', async () => {
  open('/partenaires/rien');
  await shown('Rien ici');
});

test('opening the link of a reminder changes nothing; its button does', async () => {
  const host = open('/verifier/jeton', { module: portal, slot: 'portal' });
  await shown('mobilite@belfort.example');
  await shown('CC Haut-Jura Saint-Claude');
  await shown('4 place d’Armes');
  expect(sent(host, 'POST')).toEqual([]);
  await press('button', 'Oui, tout est exact');
  await shown('Votre réponse est enregistrée');
  expect(sent(host, 'POST')).toMatchObject([{ path: '/public/check/jeton', body: { correct: true } }]);
});

test('a link that is over says what to do', async () => {
  open('/verifier/vieux', { module: portal, slot: 'portal' });
  await shown('Ce lien n’est plus valable');
});

test('a correction by the link sends what was changed alone, both languages of a text', async () => {
  const host = open('/verifier/jeton', { module: portal, slot: 'portal' });
  await press('button', 'Corriger');
  type(await labelled('En allemand'), 'Projektleitung');
  seat.querySelector('form')!.requestSubmit();
  await shown('Votre réponse est enregistrée');
  expect(sent(host, 'POST')[0]!.body).toMatchObject({
    values: { function: { fr: 'Chargée de mission', de: 'Projektleitung' } },
  });
});

test('the portal asks for public routes alone, and says policies and competences in words', async () => {
  const host = open('/partenaires', { module: portal, slot: 'portal', locale: 'de-CH' });
  await shown('Grand Belfort');
  await shown('Mobilität');
  host.go('/partenaires/fiches/00000000000000000000000000000001');
  await shown('Politikbereiche');
  expect(seat.querySelector('dl')!.textContent).not.toContain('mobility');
  expect(host.asked.every(({ path }) => path.startsWith('/public/'))).toBe(true);
});

test('the card says what waits', async () => {
  open('/', { module: card, slot: 'dashboard' });
  await shown('2 demandes de correction à relire');
  await shown('Votre fiche est-elle toujours exacte');
});
