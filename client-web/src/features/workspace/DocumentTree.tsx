import { useQuery } from '@tanstack/react-query';
import { useMemo, useRef, useState, type KeyboardEvent } from 'react';
import type { Key } from 'react-aria-components/Menu';
import { useLocation } from 'wouter';
import ArrowDown from 'icon:arrow-down';
import ArrowLeft from 'icon:arrow-left';
import ArrowUp from 'icon:arrow-up';
import Download from 'icon:download';
import Ellipsis from 'icon:ellipsis';
import FilePlus from 'icon:file-plus';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import FolderInput from 'icon:folder-input';
import FolderPlus from 'icon:folder-plus';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import Trash from 'icon:trash-2';
import { errorText, exportUrl, mayEdit, queries, type Document, type Id } from '@/api';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import {
  AvatarStack,
  Button,
  EmptyState,
  ErrorNotice,
  IconButton,
  LanguageTag,
  Link,
  Menu,
  MenuItem,
  MenuSeparator,
  SearchField,
  Skeleton,
} from '@/ui';
import { Collection, Tree, TreeItem, useDragAndDrop } from '@/ui/Tree';
import { MoveDialog } from './MoveDialog';
import { NewDocumentDialog, type NewKind } from './NewDocumentDialog';
import {
  ancestors,
  branches,
  childrenOf,
  foldTwins,
  lastIn,
  sift,
  stepped,
  withDescendants,
  type Branch,
  type Place,
} from './arrange';
import { useDocumentChanges } from './changes';
import { useCreateActions } from './create_actions';
import { TwinMarks } from './TwinMarks';
import './tree_panel.css';

export interface DocumentTreeProps {
  workspaceId: Id;
  /** The document being read, marked in the tree. */
  currentId?: Id | undefined;
  /** `panel`: at the left of a document; `page`: the Documents tab, with languages and activity. */
  variant?: 'panel' | 'page';
}

/** What is unfolded, by space: kept while one goes from document to document. */
const unfolded = new Map<Id, Set<Key>>();

const open_max = 30;

export function DocumentTree({ workspaceId, currentId, variant = 'panel' }: DocumentTreeProps) {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const space = useQuery(queries.workspace(workspaceId)).data;
  const { data, error, refetch } = useQuery({ ...queries.documents(workspaceId), refetchInterval: 30_000 });
  const documents = useMemo(() => data?.documents ?? [], [data]);
  const changes = useDocumentChanges(workspaceId);
  const editable = mayEdit(space?.my_role);
  const [filter, setFilter] = useState('');
  const [renaming, setRenaming] = useState<Id | null>(null);
  const [moving, setMoving] = useState<Document | null>(null);
  const [making, setMaking] = useState<{ kind: NewKind; parent: Id | null } | null>(null);
  const [chosen, setChosen] = useState<Set<Key> | undefined>(() => unfolded.get(workspaceId));
  const wrapper = useRef<HTMLDivElement>(null);

  useCreateActions(space, (kind) => setMaking({ kind, parent: null }));

  const byId = useMemo(() => new Map(documents.map((each) => [each.id, each])), [documents]);
  const wanted = useMe().content_languages;
  const { data: twins } = useQuery(queries.twins(workspaceId));
  const sets = useMemo(() => twins?.sets ?? [], [twins]);
  const folded = useMemo(() => foldTwins(branches(documents), sets, wanted), [documents, sets, wanted]);
  const tree = useMemo(() => sift(folded.tree, filter), [folded, filter]);
  const heads = useMemo(() => new Set(folded.heads.values()), [folded]);

  // Until somebody folds or unfolds, a small space lies open at its first level.
  const expanded = useMemo(
    () =>
      chosen ??
      new Set<Key>(
        documents.length <= open_max
          ? documents.filter((each) => each.parent_id === null && !heads.has(each.id)).map((each) => each.id)
          : [],
      ),
    [chosen, documents, heads],
  );

  // The way to the document one reads is always unfolded; so is everything while filtering.
  const shown = useMemo(() => {
    if (filter.trim()) return new Set<Key>(documents.map((each) => each.id));
    const open = new Set(expanded);
    for (const id of wayTo(documents, folded.heads, currentId)) if (!open.has(`closed:${id}`)) open.add(id);
    return open;
  }, [documents, folded, expanded, currentId, filter]);

  const expand = (keys: Set<Key>) => {
    const next = new Set(keys);
    // Remember what was folded on purpose on the way to the current document.
    for (const id of wayTo(documents, folded.heads, currentId)) if (!keys.has(id)) next.add(`closed:${id}`);
    unfolded.set(workspaceId, next);
    setChosen(next);
  };

  const { dragAndDropHooks } = useDragAndDrop({
    isDisabled: !editable || Boolean(filter.trim()),
    getItems: (keys) => [...keys].map((key) => ({ 'text/plain': byId.get(String(key))?.title ?? '' })),
    getDropOperation: (target, types, allowed) =>
      target.type === 'item' && types.has('text/plain') ? (allowed[0] ?? 'move') : 'cancel',
    onMove: ({ keys, target }) => {
      const document = byId.get(String([...keys][0]));
      const beside = byId.get(String(target.key));
      if (!document || !beside || withDescendants(documents, document.id).has(beside.id)) return;
      let place: Place;
      if (target.dropPosition === 'on') {
        place = lastIn(documents, beside.id, document.id);
        expand(new Set([...expanded, beside.id]));
      } else if (target.dropPosition === 'after') {
        place = { parent_id: beside.parent_id, after_id: beside.id };
      } else {
        const siblings = childrenOf(documents, beside.parent_id).filter((each) => each.id !== document.id);
        const at = siblings.findIndex((each) => each.id === beside.id);
        place = { parent_id: beside.parent_id, after_id: siblings[at - 1]?.id ?? null };
      }
      void changes.move(document, place);
    },
  });

  const act = (document: Document, act: string) => {
    if (act === 'rename') setRenaming(document.id);
    else if (act === 'move') setMoving(document);
    else if (act === 'trash') void trash(document);
    else if (act === 'new.document') setMaking({ kind: 'document', parent: document.id });
    else if (act === 'new.folder') setMaking({ kind: 'folder', parent: document.id });
    else if (act === 'up' || act === 'down') {
      const place = stepped(documents, document.id, act === 'up' ? -1 : 1);
      if (place) void changes.move(document, place);
    }
  };

  const trash = async (document: Document) => {
    const leaves = currentId && withDescendants(documents, document.id).has(currentId);
    if ((await changes.trash(document)) && leaves) navigate(paths.documents(workspaceId));
  };

  // On a row: F2 renames, Delete sends to the trash. Keys in the row's own controls stay there.
  const press = (event: KeyboardEvent) => {
    const row =
      event.target instanceof Element && event.target.getAttribute('role') === 'row' ? event.target : null;
    const document = row && byId.get(row.getAttribute('data-key') ?? '');
    if (!document || !editable) return;
    if (event.key === 'F2') setRenaming(document.id);
    else if (event.key === 'Delete') void trash(document);
    else return;
    event.preventDefault();
  };

  const endRename = (document: Document, title: string | null) => {
    setRenaming(null);
    if (title !== null) void changes.rename(document, title);
    requestAnimationFrame(() =>
      wrapper.current?.querySelector<HTMLElement>(`[data-key="${document.id}"]`)?.focus(),
    );
  };

  const setOf = (id: Id) => sets.find((each) => each.documents.some((one) => one.id === id));
  const branch = ({ document, children }: Branch) => (
    <TreeItem
      key={document.id}
      id={document.id}
      textValue={document.title}
      draggable={editable && variant === 'page' && !filter.trim()}
      className={document.id === currentId ? 'current' : ''}
      {...(document.kind === 'document' && renaming !== document.id
        ? { href: paths.document(workspaceId, document.id) }
        : {})}
      {...(document.kind === 'folder' ? { onAction: () => expand(toggled(shown, document.id)) } : {})}
      content={
        <>
          {variant === 'page' &&
            (document.kind === 'folder' ? <Folder className="tree-k" /> : <FileText className="tree-k" />)}
          {renaming === document.id ? (
            <Rename
              title={document.title}
              label={t('tree.rename.of', { title: document.title })}
              onEnd={(title) => endRename(document, title)}
            />
          ) : (
            <Title
              document={document}
              count={children.length}
              page={variant === 'page'}
              current={document.id === currentId}
            />
          )}
          {setOf(document.id) && (
            <TwinMarks set={setOf(document.id)!} id={document.id} head={heads.has(document.id)} />
          )}
          {variant === 'page' && <Activity document={document} language={!setOf(document.id)} />}
          {editable && renaming !== document.id && (
            <RowMenu document={document} documents={documents} onAct={(what) => act(document, what)} />
          )}
        </>
      }
    >
      {children.length > 0 && <Collection items={children}>{branchOf}</Collection>}
    </TreeItem>
  );
  // `Collection` hands back its items, each an object with a `document`.
  const branchOf = (item: Branch) => branch(item);

  const empty = data && documents.length === 0;
  return (
    <div className={variant === 'panel' ? 'dtree' : 'dpage'} ref={wrapper}>
      {variant === 'panel' && (
        <p className="over">
          <Link to={paths.workspace(workspaceId)}>
            <ArrowLeft size="s" />
            {space?.name ?? t('nav.spaces')}
          </Link>
        </p>
      )}
      {!empty && (
        <SearchField
          label={t('tree.filter')}
          placeholder={t('tree.filter.short')}
          value={filter}
          onChange={setFilter}
        />
      )}
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} />
        ))}
      {empty && variant === 'page' && (
        <EmptyState
          icon={FileText}
          title={t('tree.empty')}
          action={
            editable && (
              <Button
                kind="primary"
                icon={Plus}
                onPress={() => setMaking({ kind: 'document', parent: null })}
              >
                {t('tree.new.document')}
              </Button>
            )
          }
        >
          {t(editable ? 'tree.empty.detail' : 'tree.empty.reader')}
        </EmptyState>
      )}
      {data && !empty && (
        <div onKeyDown={press} className="tree-w">
          {tree.length === 0 ? (
            <p className="muted">{t('ui.nothing.found')}</p>
          ) : (
            <Tree
              aria-label={t('tree.label')}
              items={tree}
              expandedKeys={shown}
              onExpandedChange={expand}
              dragAndDropHooks={dragAndDropHooks}
              dependencies={[renaming, editable, documents, currentId, t, shown, sets, heads]}
            >
              {branchOf}
            </Tree>
          )}
        </div>
      )}
      {variant === 'panel' && editable && (
        <Button
          size="s"
          icon={Plus}
          onPress={() =>
            setMaking({ kind: 'document', parent: byId.get(currentId ?? '')?.parent_id ?? null })
          }
        >
          {t('tree.new.document')}
        </Button>
      )}
      {moving && (
        <MoveDialog
          document={moving}
          documents={documents}
          onClose={() => setMoving(null)}
          onMove={(place) => void changes.move(moving, place)}
        />
      )}
      {making && space && (
        <NewDocumentDialog
          kind={making.kind}
          parent={making.parent}
          workspace={space}
          documents={documents}
          onClose={() => setMaking(null)}
        />
      )}
    </div>
  );
}

/** What must be unfolded for a document to be seen: what it lies in, and the twin it lies under. */
function wayTo(documents: Document[], heads: ReadonlyMap<Id, Id>, id: Id | undefined): Id[] {
  if (!id) return [];
  const way = ancestors(documents, id).map((each) => each.id);
  return [id, ...way].flatMap((each) => [
    ...(each === id ? [] : [each]),
    ...(heads.has(each) ? [heads.get(each)!] : []),
  ]);
}

function toggled(keys: Set<Key>, key: Key): Set<Key> {
  const next = new Set(keys);
  if (!next.delete(key)) next.add(key);
  return next;
}

function Title({
  document,
  count,
  page,
  current,
}: {
  document: Document;
  count: number;
  page: boolean;
  current: boolean;
}) {
  const { t, format, language } = useI18n();
  const lang = document.language.startsWith(language) ? undefined : document.language;
  return (
    <span
      className={document.kind === 'folder' ? 'tree-t fo' : 'tree-t'}
      {...(current ? { 'aria-current': 'page' as const } : {})}
    >
      <span lang={lang}>{document.title}</span>
      {document.kind === 'folder' && count > 0 && (
        <span className="meta">
          {' '}
          {format.number(count)}
          <span className="vh"> {t('tree.elements', { count })}</span>
        </span>
      )}
      {page && document.kind === 'folder' && count === 0 && (
        <span className="meta"> {t('tree.folder.empty')}</span>
      )}
    </span>
  );
}

function Activity({ document, language }: { document: Document; language: boolean }) {
  const { t, format } = useI18n();
  if (document.kind === 'folder') return null;
  return (
    <span className="tree-a meta">
      {language && <LanguageTag language={document.language} />}
      <span className="tree-u">
        {document.writers.length > 0 ? (
          <>
            <span className="hide-m">{t('writers', { count: document.writers.length })}</span>{' '}
            <AvatarStack people={document.writers} size="s" />
          </>
        ) : (
          <span className="cap">{format.ago(document.updated_at)}</span>
        )}
      </span>
    </span>
  );
}

function Rename({
  title,
  label,
  onEnd,
}: {
  title: string;
  label: string;
  onEnd: (title: string | null) => void;
}) {
  const [text, setText] = useState(title);
  const ended = useRef(false);
  const end = (result: string | null) => {
    if (ended.current) return;
    ended.current = true;
    onEnd(result);
  };
  return (
    <input
      className="in tree-in"
      aria-label={label}
      value={text}
      maxLength={200}
      autoFocus
      onFocus={(event) => event.currentTarget.select()}
      onChange={(event) => setText(event.target.value)}
      onBlur={() => end(text)}
      onPointerDown={(event) => event.stopPropagation()}
      onKeyDown={(event) => {
        // The row must not take these letters for a search, nor the arrows for a walk.
        event.stopPropagation();
        if (event.key === 'Enter') end(text);
        else if (event.key === 'Escape') end(null);
      }}
    />
  );
}

function RowMenu({
  document,
  documents,
  onAct,
}: {
  document: Document;
  documents: Document[];
  onAct: (act: string) => void;
}) {
  const { t } = useI18n();
  return (
    <Menu
      aria-label={t('tree.menu.of', { title: document.title })}
      trigger={
        <IconButton
          icon={Ellipsis}
          size="s"
          label={t('tree.menu.of', { title: document.title })}
          className="tree-m"
          tooltip={false}
        />
      }
      onAction={(key) => onAct(String(key))}
    >
      <MenuItem id="rename" icon={Pencil} keys="F2">
        {t('tree.rename')}
      </MenuItem>
      <MenuItem id="move" icon={FolderInput}>
        {t('tree.move')}
      </MenuItem>
      <MenuItem id="up" icon={ArrowUp} isDisabled={!stepped(documents, document.id, -1)}>
        {t('tree.up')}
      </MenuItem>
      <MenuItem id="down" icon={ArrowDown} isDisabled={!stepped(documents, document.id, 1)}>
        {t('tree.down')}
      </MenuItem>
      {document.kind === 'folder' && (
        <>
          <MenuSeparator />
          <MenuItem id="new.document" icon={FilePlus}>
            {t('tree.new.here')}
          </MenuItem>
          <MenuItem id="new.folder" icon={FolderPlus}>
            {t('tree.new.folder.here')}
          </MenuItem>
        </>
      )}
      {document.kind === 'document' && (
        <>
          <MenuSeparator />
          <MenuItem id="export.md" icon={Download} href={exportUrl(document.id, 'md')} download="">
            {t('tree.export.md')}
          </MenuItem>
          <MenuItem id="export.html" icon={Download} href={exportUrl(document.id, 'html')} download="">
            {t('tree.export.html')}
          </MenuItem>
        </>
      )}
      <MenuSeparator />
      <MenuItem id="trash" icon={Trash} danger keys={t('keys.delete')}>
        {t('tree.trash')}
      </MenuItem>
    </Menu>
  );
}
