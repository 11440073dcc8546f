import type { Document, Id, TwinSet } from '@/api';
import { preference } from '@/app/languages';
import { fold } from '@/app/search_text';

// The tree of a space, worked out from the flat list the server gives: parents by `parent_id`, siblings by `position`.

export interface Branch {
  document: Document;
  children: Branch[];
}

export function childrenOf(documents: readonly Document[], parent: Id | null): Document[] {
  return documents.filter((each) => each.parent_id === parent).sort((a, b) => a.position - b.position);
}

/** The whole tree. A document whose parent is not in the list stands at the top. */
export function branches(documents: readonly Document[]): Branch[] {
  const known = new Set(documents.map((each) => each.id));
  const byParent = new Map<Id | null, Document[]>();
  for (const each of documents) {
    const parent = each.parent_id !== null && known.has(each.parent_id) ? each.parent_id : null;
    const siblings = byParent.get(parent);
    if (siblings) siblings.push(each);
    else byParent.set(parent, [each]);
  }
  const grow = (parent: Id | null): Branch[] =>
    (byParent.get(parent) ?? [])
      .sort((a, b) => a.position - b.position)
      .map((document) => ({ document, children: grow(document.id) }));
  return grow(null);
}

/**
 * One branch for all twins that stand side by side: the one the reader wants most, with the others under it. What is
 * under those stays under them.
 */
export function foldTwins(
  tree: Branch[],
  sets: readonly TwinSet[],
  wanted: readonly string[],
): { tree: Branch[]; heads: Map<Id, Id> } {
  const setOf = new Map(sets.flatMap((set) => set.documents.map(({ id }) => [id, set] as const)));
  /** Of each twin that lies under another: which. */
  const heads = new Map<Id, Id>();
  const fold = (siblings: Branch[]): Branch[] => {
    const groups = new Map<TwinSet, Branch[]>();
    for (const branch of siblings) {
      const set = setOf.get(branch.document.id);
      if (set) groups.set(set, [...(groups.get(set) ?? []), branch]);
    }
    return siblings.flatMap((branch) => {
      const set = setOf.get(branch.document.id);
      const group = (set && groups.get(set)) ?? [];
      if (group.length < 2) return [{ ...branch, children: fold(branch.children) }];
      if (group[0] !== branch) return [];
      const ranks = group.map((each) => preference(wanted, each.document.language));
      const head = group[ranks.indexOf(Math.min(...ranks))] ?? branch;
      const others = group.filter((each) => each !== head);
      for (const each of others) heads.set(each.document.id, head.document.id);
      return [
        {
          ...head,
          children: [
            ...others.map((each) => ({ ...each, children: fold(each.children) })),
            ...fold(head.children),
          ],
        },
      ];
    });
  };
  return { tree: fold(tree), heads };
}

/** The parent, its parent, and so on to the top. */
export function ancestors(documents: readonly Document[], id: Id): Document[] {
  const byId = new Map(documents.map((each) => [each.id, each]));
  const found: Document[] = [];
  let parent = byId.get(id)?.parent_id ?? null;
  while (parent !== null) {
    const document = byId.get(parent);
    if (!document || found.includes(document)) break;
    found.push(document);
    parent = document.parent_id;
  }
  return found;
}

/** The document and everything under it. */
export function withDescendants(documents: readonly Document[], id: Id): Set<Id> {
  const found = new Set<Id>([id]);
  let size = 0;
  while (size !== found.size) {
    size = found.size;
    for (const each of documents)
      if (each.parent_id !== null && found.has(each.parent_id)) found.add(each.id);
  }
  return found;
}

/** Only what matches, and what leads to it. */
export function sift(tree: Branch[], query: string): Branch[] {
  const wanted = fold(query.trim());
  if (!wanted) return tree;
  const keep = (branch: Branch): Branch[] => {
    if (fold(branch.document.title).includes(wanted)) return [branch];
    const children = branch.children.flatMap(keep);
    return children.length > 0 ? [{ ...branch, children }] : [];
  };
  return tree.flatMap(keep);
}

export interface Place {
  parent_id: Id | null;
  /** The sibling it comes after; null for the first. */
  after_id: Id | null;
}

/** The list as it will be once the document stands there. Into itself: the list as it is. */
export function placed(documents: readonly Document[], id: Id, place: Place): Document[] {
  const moving = documents.find((each) => each.id === id);
  if (!moving || (place.parent_id !== null && withDescendants(documents, id).has(place.parent_id)))
    return [...documents];
  const siblings = childrenOf(documents, place.parent_id).filter((each) => each.id !== id);
  const at = place.after_id === null ? 0 : siblings.findIndex((each) => each.id === place.after_id) + 1;
  siblings.splice(at, 0, moving);
  const positions = new Map(siblings.map((each, index) => [each.id, index]));
  return documents.map((each) => {
    const position = positions.get(each.id);
    if (position === undefined) return each;
    return { ...each, position, parent_id: each.id === id ? place.parent_id : each.parent_id };
  });
}

/** The place one step up or down among its siblings; null at the end of the list. */
export function stepped(documents: readonly Document[], id: Id, step: -1 | 1): Place | null {
  const document = documents.find((each) => each.id === id);
  if (!document) return null;
  const siblings = childrenOf(documents, document.parent_id);
  const at = siblings.findIndex((each) => each.id === id);
  const to = at + step;
  if (to < 0 || to >= siblings.length) return null;
  const after = step === 1 ? siblings[to] : siblings[to - 1];
  return { parent_id: document.parent_id, after_id: after?.id ?? null };
}

/** The place at the end of a folder (or of the top). */
export function lastIn(documents: readonly Document[], parent: Id | null, moving: Id): Place {
  const siblings = childrenOf(documents, parent).filter((each) => each.id !== moving);
  return { parent_id: parent, after_id: siblings[siblings.length - 1]?.id ?? null };
}
