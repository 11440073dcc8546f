// Who is part of what, and who holds which function there, on a day. One tree: drawn with lines where there is room, as
// an indented list on a phone; the arrow keys walk through it either way.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { useAnswer, useApp } from '@/app/context';
import type { ChartNode, Directory } from '@/app/model';
import { layout, step, tree, visible, type Branch } from '@/pure/tree';
import { Combobox } from '@/ui/combobox';
import { Text } from '@/ui/fields';
import { Icon } from '@/ui/icons';
import { Button, Empty, Failure, Notice, Say, Waiting } from '@/ui/parts';
import { useEntrySearch } from '../values_form';

interface Drawn {
  id: string;
  parent: string | null;
  label: string;
  source: ChartNode;
}
const mostUnfolded = 60;

export function ChartView({ directory, query }: { directory: Directory; query: string }) {
  const { t, go } = useApp();
  const asked = useMemo(() => new URLSearchParams(query), [query]);
  const root = asked.get('racine') ?? '';
  const on = asked.get('le') ?? '';
  const wanted = new URLSearchParams();
  if (/^\d+$/.test(root)) wanted.set('root', root);
  if (/^\d{4}-\d{2}-\d{2}$/.test(on)) wanted.set('on', on);
  const { data, error, again } = useAnswer<{ nodes: ChartNode[] }>(`/chart?${wanted}`);
  const find = useEntrySearch();
  const set = (key: string, value: string) => {
    const next = new URLSearchParams(asked);
    if (value) next.set(key, value);
    else next.delete(key);
    go({ screen: 'view', directory: directory.slug, view: 'chart', query: next.toString() });
  };
  return (
    <>
      <div class="an-tools chart">
        <Combobox
          label={t('web.chart.root')}
          placeholder={t('web.chart.root')}
          find={find}
          onPick={(offer) => set('racine', offer.value)}
        />
        <Text label={t('web.chart.on')} type="date" value={on} onText={(value) => set('le', value)} />
        {root && (
          <Button kind="quiet" icon="close" onClick={() => set('racine', '')}>
            {t('web.chart.whole')}
          </Button>
        )}
      </div>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Waiting lines={8} />}
      {data && data.nodes.length === 0 && (
        <Empty title={t('web.chart.empty')}>{t('web.chart.empty_why')}</Empty>
      )}
      {data && data.nodes.length > 0 && (
        <Chart key={`${root}${on}`} nodes={data.nodes} directory={directory.slug} />
      )}
    </>
  );
}

const box = { width: 232, height: 60, gapX: 40, gapY: 10 };

function Chart({ nodes, directory }: { nodes: ChartNode[]; directory: string }) {
  const { t, say, go } = useApp();
  const roots = useMemo(() => tree(unique(nodes, say)), [nodes, say]);
  const [folded, setFolded] = useState<ReadonlySet<string>>(() => folding(roots, nodes.length));
  const rows = useMemo(() => visible(roots, folded), [roots, folded]);
  const drawn = useMemo(() => layout(roots, folded, box), [roots, folded]);
  const [at, setAt] = useState(rows[0]?.node.id ?? '');
  const list = useRef<HTMLDivElement>(null);
  const focusing = useRef(false);
  useEffect(() => {
    if (!focusing.current) return;
    focusing.current = false;
    list.current?.querySelector<HTMLElement>('[tabindex="0"]')?.focus();
  }, [at]);
  const fold = (id: string, shut: boolean) =>
    setFolded((before) => new Set(shut ? [...before, id] : [...before].filter((one) => one !== id)));
  const open = (branch: Branch<Drawn>) =>
    go({ screen: 'entry', directory, entry: String(branch.node.source.id) });
  const key = (event: KeyboardEvent, branch: Branch<Drawn>) => {
    if (event.key === 'Enter') return open(branch);
    const way = step(roots, folded, branch.node.id, event.key);
    if (
      way.to !== undefined ||
      way.fold ||
      way.unfold ||
      ['ArrowUp', 'ArrowDown', 'Home', 'End'].includes(event.key)
    )
      event.preventDefault();
    if (way.fold) fold(way.fold, true);
    if (way.unfold) fold(way.unfold, false);
    if (way.to) {
      focusing.current = true;
      setAt(way.to);
    }
  };
  const current = rows.some((row) => row.node.id === at) ? at : rows[0]?.node.id;
  return (
    <>
      {nodes.length > 1000 && <Notice>{t('web.chart.large')}</Notice>}
      <div class="an-chart" tabIndex={-1}>
        <div
          ref={list}
          class="an-chart-tree"
          role="tree"
          aria-label={t('web.view.chart')}
          style={{ '--chart-width': `${drawn.width}px`, '--chart-height': `${drawn.height}px` }}
        >
          <svg class="an-chart-lines" width={drawn.width} height={drawn.height} aria-hidden="true">
            {drawn.lines.map(({ from, to }) => (
              <path key={to.branch.node.id} d={elbow(from, to)} />
            ))}
          </svg>
          {drawn.spots
            .slice()
            .sort((a, b) => rows.indexOf(a.branch) - rows.indexOf(b.branch))
            .map(({ branch, x, y }) => (
              <div
                key={branch.node.id}
                class={`an-node ${branch.node.source.kind}`}
                role="treeitem"
                tabIndex={branch.node.id === current ? 0 : -1}
                aria-level={branch.depth + 1}
                aria-expanded={branch.children.length ? !folded.has(branch.node.id) : undefined}
                aria-selected={branch.node.id === current}
                style={{ '--x': `${x}px`, '--y': `${y}px`, '--depth': branch.depth }}
                onKeyDown={(event) => key(event, branch)}
                onFocus={() => setAt(branch.node.id)}
                onClick={() => open(branch)}
              >
                <NodeText branch={branch} />
                {branch.children.length > 0 && (
                  <span
                    class="an-fold"
                    aria-hidden="true"
                    onClick={(event) => {
                      event.stopPropagation();
                      fold(branch.node.id, !folded.has(branch.node.id));
                    }}
                  >
                    <Icon name={folded.has(branch.node.id) ? 'plus' : 'minus'} small />
                    {folded.has(branch.node.id) && branch.children.length}
                  </span>
                )}
              </div>
            ))}
        </div>
      </div>
    </>
  );
}

function NodeText({ branch }: { branch: Branch<Drawn> }) {
  const { source } = branch.node;
  return (
    <span class="an-node-text">
      <b>
        <Say value={source.name} />
      </b>
      {source.function && (
        <small>
          <Say value={source.function} />
        </small>
      )}
    </span>
  );
}

function elbow(from: { x: number; y: number }, to: { x: number; y: number }): string {
  const startX = from.x + box.width;
  const startY = from.y + box.height / 2;
  const endY = to.y + box.height / 2;
  const middle = (startX + to.x) / 2;
  return `M${startX} ${startY}H${middle}V${endY}H${to.x}`;
}

/** A person with two functions stands in two places: the place is the person with the organisation. */
function unique(nodes: ChartNode[], say: ReturnType<typeof useApp>['say']): Drawn[] {
  const seen = new Set<string>();
  return nodes.map((source) => {
    let id = String(source.id);
    if (seen.has(id)) id = `${source.id}@${source.parent ?? ''}#${seen.size}`;
    seen.add(id);
    return {
      id,
      parent: source.parent === null ? null : String(source.parent),
      label: say(source.name),
      source,
    };
  });
}

/** What would not be seen at once anyway begins folded, from the second level on. */
function folding(roots: Branch<Drawn>[], count: number): Set<string> {
  if (count <= mostUnfolded) return new Set();
  const deep = (branch: Branch<Drawn>): string[] => [
    ...(branch.depth >= 1 && branch.children.length ? [branch.node.id] : []),
    ...branch.children.flatMap(deep),
  ];
  return new Set(roots.flatMap(deep));
}
