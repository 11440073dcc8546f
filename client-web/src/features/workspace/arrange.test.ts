// The arrangement of a space's tree: what the screen shows at once must be what the server will answer.
import { describe, expect, it } from 'vitest';
import type { Document } from '@/api';
import { ancestors, branches, childrenOf, foldTwins, lastIn, placed, sift, stepped } from './arrange';

function make(id: string, parent_id: string | null, position: number, title = id): Document {
  return {
    id,
    workspace_id: 'w',
    parent_id,
    kind: 'document',
    title,
    language: 'fr',
    language_origin: 'chosen',
    position,
    created_at: '',
    created_by: null,
    updated_at: '',
    updated_by: null,
    trashed_at: null,
    writers: [],
  };
}

const list = [
  make('a', null, 1),
  make('b', null, 2),
  make('c', null, 3),
  make('b1', 'b', 1),
  make('b2', 'b', 2),
  make('b11', 'b1', 1, 'Delémont'),
];

const ids = (documents: Document[]) => documents.map((each) => each.id).join(' ');

describe('the tree of a space', () => {
  it('sorts siblings by position and puts orphans at the top', () => {
    const tree = branches([...list, make('lost', 'gone', 9)]);
    expect(tree.map((branch) => branch.document.id)).toEqual(['a', 'b', 'c', 'lost']);
    expect(tree[1]?.children.map((branch) => branch.document.id)).toEqual(['b1', 'b2']);
  });

  it('knows the way to the top', () => expect(ids(ancestors(list, 'b11'))).toBe('b1 b'));

  it('keeps what matches, without accents, and what leads to it', () => {
    const kept = sift(branches(list), 'delem');
    expect(kept.map((branch) => branch.document.id)).toEqual(['b']);
    expect(kept[0]?.children[0]?.children[0]?.document.id).toBe('b11');
  });
});

describe('a move', () => {
  it.each([
    ['first', 'c', { parent_id: null, after_id: null }, null, 'c a b'],
    ['after a sibling', 'a', { parent_id: null, after_id: 'b' }, null, 'b a c'],
    ['into another parent', 'c', { parent_id: 'b', after_id: 'b1' }, 'b', 'b1 c b2'],
    ['where it already is', 'b', { parent_id: null, after_id: 'a' }, null, 'a b c'],
  ])('%s', (_, id, place, parent, expected) => {
    expect(ids(childrenOf(placed(list, id, place), parent))).toBe(expected);
  });

  it('into itself changes nothing', () => {
    expect(placed(list, 'b', { parent_id: 'b11', after_id: null })).toEqual(list);
  });

  it('steps up and down, and stops at the ends', () => {
    expect(stepped(list, 'b', -1)).toEqual({ parent_id: null, after_id: null });
    expect(stepped(list, 'b', 1)).toEqual({ parent_id: null, after_id: 'c' });
    expect(stepped(list, 'a', -1)).toBeNull();
    expect(stepped(list, 'c', 1)).toBeNull();
  });

  it('to the end of a folder comes after its last, itself apart', () => {
    expect(lastIn(list, 'b', 'a')).toEqual({ parent_id: 'b', after_id: 'b2' });
    expect(lastIn(list, 'b', 'b2')).toEqual({ parent_id: 'b', after_id: 'b1' });
  });
});

describe('twins', () => {
  const twin = (id: string, language: string, parent: string | null, position: number): Document => ({
    ...make(id, parent, position),
    language,
  });
  const documents = [
    twin('fr', 'fr-FR', null, 1),
    twin('de', 'de-CH', null, 2),
    twin('x', 'fr', null, 3),
    twin('it', 'it', 'x', 1),
  ];
  const sets = [
    {
      source_id: 'fr',
      authentic: 'none',
      documents: ['fr', 'de', 'it'].map((id) => ({ id, title: id, language: id, counts: null })),
    },
  ];
  const shape = (tree: ReturnType<typeof branches>): unknown[] =>
    tree.map(({ document, children }) => [document.id, ...shape(children)]);

  it('stand under the one the reader wants most, and the way there is known', () => {
    expect(shape(foldTwins(branches(documents), sets, []).tree)).toEqual([
      ['fr', ['de']],
      ['x', ['it']],
    ]);
    const german = foldTwins(branches(documents), sets, ['de', 'fr']);
    expect(shape(german.tree)).toEqual([
      ['de', ['fr']],
      ['x', ['it']],
    ]);
    expect([...german.heads]).toEqual([['fr', 'de']]);
  });

  it('and everything else stays where it is', () => {
    expect(foldTwins(branches(list), sets, ['de']).tree).toEqual(branches(list));
  });
});
