// The organisation chart: from entries that name their parent to a tree, and from the tree to places on a drawing.

export interface Node {
  id: string;
  parent: string | null;
  label: string;
}

export interface Branch<N extends Node = Node> {
  node: N;
  depth: number;
  children: Branch<N>[];
}

/**
 * Roots in the order given. An entry whose parent is not among the nodes is a root; of entries that name each other in
 * a circle the first is one, so that nobody disappears from the chart.
 */
export function tree<N extends Node>(nodes: N[]): Branch<N>[] {
  const branches = new Map(nodes.map((node) => [node.id, { node, depth: 0, children: [] } as Branch<N>]));
  const roots: Branch<N>[] = [];
  for (const branch of branches.values()) {
    const parent = branch.node.parent === null ? undefined : branches.get(branch.node.parent);
    if (!parent || circular(branch, branches)) roots.push(branch);
    else parent.children.push(branch);
  }
  const sink = (branch: Branch<N>, depth: number) => {
    branch.depth = depth;
    for (const child of branch.children) sink(child, depth + 1);
  };
  for (const root of roots) sink(root, 0);
  return roots;
}

/** Whether the way up from it leads back to it, and it stands first on that circle. */
function circular<N extends Node>(branch: Branch<N>, branches: Map<string, Branch<N>>): boolean {
  const seen = [branch.node.id];
  for (let up = branch.node.parent; up !== null; up = branches.get(up)?.node.parent ?? null) {
    if (up === branch.node.id) return [...branches.keys()].find((id) => seen.includes(id)) === branch.node.id;
    if (seen.includes(up) || !branches.has(up)) return false;
    seen.push(up);
  }
  return false;
}

export interface Spot<N extends Node = Node> {
  branch: Branch<N>;
  x: number;
  y: number;
}
export interface Layout<N extends Node = Node> {
  spots: Spot<N>[];
  lines: { from: Spot<N>; to: Spot<N> }[];
  width: number;
  height: number;
}

/**
 * From left to right, as a page is read: a column for each depth, a row for each leaf, a parent in the middle of its
 * children. What is folded has no children here. Sizes in units of the drawing; a spot is the box's upper left corner.
 */
export function layout<N extends Node>(
  roots: Branch<N>[],
  folded: ReadonlySet<string>,
  box = { width: 232, height: 56, gapX: 40, gapY: 12 },
): Layout<N> {
  const spots: Spot<N>[] = [];
  const lines: { from: Spot<N>; to: Spot<N> }[] = [];
  let row = 0;
  let deepest = -1;
  const place = (branch: Branch<N>): Spot<N> => {
    const spot: Spot<N> = { branch, x: branch.depth * (box.width + box.gapX), y: 0 };
    spots.push(spot);
    deepest = Math.max(deepest, branch.depth);
    const children = folded.has(branch.node.id) ? [] : branch.children.map(place);
    const first = children[0];
    const last = children.at(-1);
    spot.y = first && last ? (first.y + last.y) / 2 : row++ * (box.height + box.gapY);
    for (const to of children) lines.push({ from: spot, to });
    return spot;
  };
  for (const root of roots) place(root);
  return {
    spots,
    lines,
    width: deepest < 0 ? 0 : (deepest + 1) * (box.width + box.gapX) - box.gapX,
    height: row === 0 ? 0 : row * (box.height + box.gapY) - box.gapY,
  };
}

/** The visible ones in reading order: what the arrow keys walk through. */
export function visible<N extends Node>(roots: Branch<N>[], folded: ReadonlySet<string>): Branch<N>[] {
  return roots.flatMap((root) => [root, ...(folded.has(root.node.id) ? [] : visible(root.children, folded))]);
}

/** Where a key of the tree pattern (WAI-ARIA) leads from `id`; `fold` and `unfold` change what is open instead. */
export function step<N extends Node>(
  roots: Branch<N>[],
  folded: ReadonlySet<string>,
  id: string,
  key: string,
): { to?: string; fold?: string; unfold?: string } {
  const rows = visible(roots, folded);
  const at = rows.findIndex((row) => row.node.id === id);
  const here = rows[at];
  if (!here) return {};
  const to = (branch: Branch<N> | undefined) => (branch ? { to: branch.node.id } : {});
  switch (key) {
    case 'ArrowDown':
      return to(rows[at + 1]);
    case 'ArrowUp':
      return to(rows[at - 1]);
    case 'Home':
      return to(rows[0]);
    case 'End':
      return to(rows.at(-1));
    case 'ArrowRight':
      if (!here.children.length) return {};
      return folded.has(id) ? { unfold: id } : to(here.children[0]);
    case 'ArrowLeft':
      if (here.children.length && !folded.has(id)) return { fold: id };
      return to(rows.slice(0, at).findLast((row) => row.children.includes(here)));
    default:
      return {};
  }
}
