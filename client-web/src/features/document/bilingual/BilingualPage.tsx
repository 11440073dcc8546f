// Two twins side by side: both live, block beside block. A translation stands on the right; on the left its source, or
// another translation of the same source: then the source is open unseen, since what is to be done is measured by it.
// Loaded when somebody opens it; the document screen does not carry it.
import type { Editor, Extensions } from '@tiptap/core';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { mayEdit, passagesIn, queries, termQueries, type Document, type TwinSet } from '@/api';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import type { DocumentSession, SaveState } from '@/collab';
import { missingCounterparts, type MissingCounterpart } from '@/features/terms';
import { useI18n } from '@/i18n';
import { Breadcrumbs, ButtonLink, LanguageTag, Notice, Skeleton } from '@/ui';
import { presentAs } from '../page/present';
import { crumbsOf } from '../page/crumbs';
import { languageName } from '../page/LanguageSelect';
import { Presence } from '../page/Presence';
import { SaveStatus } from '../page/SaveStatus';
import { Sheet } from '../page/Sheet';
import { TwinViews } from '../page/TwinViews';
import { Unreadable } from '../page/Troubles';
import { count } from '../twins/state';
import type { Row } from '../twins/pair';
import { useDocument, useDocumentQuery, isPassing } from '../use_document';
import { useSaveState, useSession } from '../use_session';
import { begin, blockAt, goTo } from './blocks_at';
import { RowBar } from './RowBar';
import { RowLayer, type RowActions } from './RowLayer';
import { RowSpace } from './row_space';
import { TwinKeys } from './twin_keys';
import { useLayout } from './use_layout';
import { useMachine } from './use_machine';
import { usePair, useRows } from './use_pair';
import './bilingual.css';

export interface BilingualPageProps {
  workspaceId: string;
  documentId: string;
  otherId: string;
}

/** The left and the right. */
type SideName = 'beside' | 'own';

interface Side {
  document: Document;
  session: DocumentSession;
  save: SaveState;
  editable: boolean;
}

export default function BilingualPage({ workspaceId, documentId, otherId }: BilingualPageProps) {
  const { t } = useI18n();
  const { data } = useQuery(queries.twins(workspaceId));
  // Without a network and without a kept answer the address says enough: the translation stands first.
  const set = data?.sets.find((each) =>
    [documentId, otherId].some((id) => each.documents.some((one) => one.id === id)),
  );
  const linked =
    !data || (set && [documentId, otherId].every((id) => set.documents.some((one) => one.id === id)));
  const sourceId = set ? set.source_id : otherId;
  const ownId = [documentId, otherId].find((id) => id !== sourceId) ?? documentId;
  const besideId = ownId === documentId ? otherId : documentId;
  if (!linked || besideId === ownId)
    return (
      <div className="dmain">
        <div className="dtrouble">
          <Notice tone="wait" title={t('twins.nowhere')} announce />
          <ButtonLink to={paths.document(workspaceId, documentId)}>{t('twins.only.alone')}</ButtonLink>
        </div>
      </div>
    );
  return (
    <Opened workspaceId={workspaceId} id={sourceId}>
      {(source) => (
        <Opened workspaceId={workspaceId} id={ownId}>
          {(own) => {
            const shared = { workspaceId, source, own, set };
            if (besideId === sourceId) return <Both {...shared} beside={source} />;
            return (
              <Opened workspaceId={workspaceId} id={besideId}>
                {(beside) => <Both {...shared} beside={beside} />}
              </Opened>
            );
          }}
        </Opened>
      )}
    </Opened>
  );
}

interface OpenedProps {
  workspaceId: string;
  id: string;
  children(side: Side): ReactNode;
}

function Opened({ workspaceId, id, children }: OpenedProps) {
  const query = useDocumentQuery(workspaceId, id);
  if (query.error && (!query.data || !isPassing(query.error)))
    return (
      <div className="dmain">
        <div className="dtrouble">
          <Unreadable
            error={query.error}
            documentId={id}
            back={paths.documents(workspaceId)}
            onRetry={() => void query.refetch()}
          />
        </div>
      </div>
    );
  if (!query.data) return <Waiting />;
  return (
    <Connected key={id} workspaceId={workspaceId} document={query.data}>
      {children}
    </Connected>
  );
}

function Waiting() {
  return (
    <div className="dmain">
      <div className="dcanvas">
        <div className="sheet">
          <Skeleton lines={8} />
        </div>
      </div>
    </div>
  );
}

function Connected({
  workspaceId,
  document,
  children,
}: {
  workspaceId: string;
  document: Document;
  children(side: Side): ReactNode;
}) {
  const me = useMe();
  const session = useSession(document.id, me.id, mayEdit(document.my_role), 0);
  useEffect(() => session?.present(presentAs(me)), [session, me]);
  if (!session) return <Waiting />;
  return (
    <Live workspaceId={workspaceId} session={session} id={document.id}>
      {children}
    </Live>
  );
}

const kOver: readonly SaveState['state'][] = [
  'denied',
  'not-found',
  'trashed',
  'signed-out',
  'malformed',
  'refused',
];

function Live({
  workspaceId,
  session,
  id,
  children,
}: {
  workspaceId: string;
  session: DocumentSession;
  id: string;
  children(side: Side): ReactNode;
}) {
  const save = useSaveState(session);
  const { query } = useDocument(workspaceId, id, save.about);
  const document = query.data;
  if (!document || !save.ready) return <Waiting />;
  const editable = mayEdit(save.about?.role ?? document.my_role) && !kOver.includes(save.state);
  return children({ document, session, save, editable });
}

interface BothProps {
  workspaceId: string;
  source: Side;
  /** What stands on the left: the source, or another translation. */
  beside: Side;
  own: Side;
  set: TwinSet | undefined;
}

/** A block in the address: `#b-…`. */
const blockInAddress = (): string | null => /^#b-(.+)$/.exec(location.hash)?.[1] ?? null;

const todo = ({ state }: Row): boolean => state !== 'current' && state !== 'extra';

const isSettled = (source: Side, own: Side): boolean =>
  source.save.synced && own.save.synced && source.editable && own.editable;

function Both({ workspaceId, source, beside, own, set }: BothProps) {
  const { t } = useI18n();
  const me = useMe();
  const pair = usePair(source.session, own.session, isSettled(source, own));
  const rows = useRows(pair);
  // Of the left, where it is a translation too.
  const otherPair = usePair(source.session, beside.session, isSettled(source, beside));
  const otherRows = useRows(otherPair);
  const layer = useRef<HTMLDivElement>(null);
  const [editors, setEditors] = useState<Record<SideName, Editor | null>>({
    beside: null,
    own: null,
  });
  const [active, setActive] = useState<{ side: SideName; id: string | null }>({ side: 'own', id: null });
  const [shown, setShown] = useState<SideName>('own');
  const laid = useLayout(layer, editors.beside, editors.own, rows);
  useTitle(own.document.title);

  // What the keys do is read when one is pressed.
  const acts = useRef<{ other(): void; confirm(): void; step(by: 1 | -1): void } | null>(null);
  const extensions = useMemo<Record<SideName, Extensions>>(() => {
    const keys = TwinKeys.configure({
      onOther: () => acts.current?.other(),
      onConfirm: () => acts.current?.confirm(),
      onStep: (by) => acts.current?.step(by),
    });
    return { beside: [RowSpace, keys], own: [RowSpace, keys] };
  }, []);
  const onBeside = useCallback(
    (editor: Editor | null) => setEditors((old) => ({ ...old, beside: editor })),
    [],
  );
  const onOwn = useCallback((editor: Editor | null) => setEditors((old) => ({ ...old, own: editor })), []);
  useActive(editors, setActive);

  // What the bar speaks of and its buttons change: the translation that one is in.
  const here =
    active.side === 'beside' && otherPair
      ? { pair: otherPair, rows: otherRows, ...beside }
      : { pair, rows, ...own };
  const row = here.rows.find((each) => each.id === active.id) ?? null;
  const standing = new Set(otherRows.flatMap(({ id, own: unit }) => (unit ? [id] : [])));
  // What stands on neither side cannot be gone to: it is translated beside the source.
  const open = rows.filter(
    (each) => todo(each) && (beside === source || each.own !== null || standing.has(each.id)),
  );
  const now = (): number => Date.now();
  const show = (side: SideName, id: string): void => {
    setShown(side);
    // On a phone the side must be there before one can go to it.
    requestAnimationFrame(() => {
      const editor = editors[side];
      if (editor) goTo(editor, id);
    });
  };
  const other = (): void => {
    const side = active.side === 'own' ? 'beside' : 'own';
    if (active.id) show(side, active.id);
    else editors[side]?.commands.focus();
  };
  const step = (by: 1 | -1): void => {
    const at = rows.findIndex((each) => each.id === active.id);
    const order =
      by === 1
        ? [...rows.slice(at + 1), ...rows.slice(0, at + 1)]
        : [...rows.slice(0, Math.max(at, 0)).reverse(), ...rows.slice(Math.max(at, 0)).reverse()];
    const next = order.find((each) => open.includes(each));
    if (!next) return;
    if (next.own) show('own', next.id);
    else {
      setActive({ side: 'beside', id: next.id });
      if (editors.beside) goTo(editors.beside, next.id, shown === 'own');
    }
  };
  const confirm = (id: string): void => pair?.confirm(id, me.id, now());
  const machine = useMachine({
    pair,
    rows,
    source: { document: source.document, editor: beside === source ? editors.beside : null },
    own: { document: own.document, editor: editors.own, editable: own.editable },
  });
  const expected = useExpected(row, source.document.language, here.document.language);
  acts.current = {
    other,
    step,
    confirm: () => {
      if (row && here.editable && row.source && row.own) here.pair?.confirm(row.id, me.id, now());
      step(1);
    },
  };
  const actions: RowActions = {
    confirm,
    check: (id) => pair?.check(id, me.id, now()),
    begin: (id) => {
      if (!editors.beside || !editors.own) return;
      setShown('own');
      begin(editors.beside, editors.own, id);
    },
    pair: (mine, theirs) => pair?.pair(mine, theirs),
    propose: (id) => machine.propose([id]),
  };
  useDeepBlock(editors.own, rows, (id) => show('own', id));

  const head = (
    <Head
      workspaceId={workspaceId}
      beside={beside}
      own={own}
      shown={shown}
      onShow={(side) => {
        const id = active.id ?? rows[0]?.id;
        if (id) show(side, id);
        else setShown(side);
      }}
    />
  );
  return (
    <Sheet
      session={beside.session}
      title={beside.document.title}
      language={beside.document.language}
      editable={beside.editable}
      extensions={extensions.beside}
      onEditor={onBeside}
    >
      {(left) => (
        <Sheet
          session={own.session}
          title={own.document.title}
          language={own.document.language}
          editable={own.editable}
          extensions={extensions.own}
          onEditor={onOwn}
        >
          {(right) => (
            <div className="dmain bi-main" data-testid="bilingual">
              {head}
              <div className="dbar bi-tools">
                {(active.side === 'beside' ? left.toolbar : right.toolbar) || <div className="dtools" />}
                {active.side === 'beside' ? left.contents : right.contents}
              </div>
              <div className="bi" data-shown={shown}>
                <Column
                  side={beside}
                  note={beside === source ? t('twins.source') : <Progress rows={otherRows} />}
                  binding={isBinding(set, beside.document.id)}
                />
                <Column
                  side={own}
                  note={<Progress rows={rows} />}
                  binding={isBinding(set, own.document.id)}
                />
                <div className="bi-b" ref={layer}>
                  <div className="bi-side bi-left">{left.sheet}</div>
                  <div className="bi-side bi-right">
                    {right.sheet}
                    <RowLayer
                      laid={laid}
                      rows={rows}
                      editable={own.editable}
                      sourceLanguage={source.document.language}
                      actions={actions}
                      proposable={new Set(machine.rows.map(({ id }) => id))}
                      busy={machine.busy}
                    />
                  </div>
                </div>
              </div>
              <RowBar
                workspaceId={workspaceId}
                row={row}
                left={open.length}
                editable={here.editable}
                onStep={step}
                onOther={other}
                onConfirm={() => row && here.pair?.confirm(row.id, me.id, now())}
                onAsk={() => row && here.pair?.confirm(row.id, me.id, now(), true)}
                onUnpair={() => row && here.pair?.unpair(row.id)}
                missing={expected}
                proposable={machine.rows.length}
                busy={machine.busy}
                onPropose={() => machine.propose(machine.rows.map(({ id }) => id))}
              />
              {machine.dialog}
            </div>
          )}
        </Sheet>
      )}
    </Sheet>
  );
}

const kNoTerms: readonly MissingCounterpart[] = [];

/** What the base prescribes for this row and its translation does not say. */
function useExpected(row: Row | null, from: string, to: string): readonly MissingCounterpart[] {
  const { data } = useQuery(termQueries.terms());
  const said = row?.source?.text;
  const own = row?.own?.text;
  return useMemo(
    () =>
      data && said && own
        ? missingCounterparts(data.terms, { text: said, language: from }, { text: own, language: to })
        : kNoTerms,
    [data, said, own, from, to],
  );
}

function useActive(
  editors: Record<SideName, Editor | null>,
  set: (active: { side: SideName; id: string | null }) => void,
): void {
  useEffect(() => {
    const stops = (['beside', 'own'] as const).map((side) => {
      const editor = editors[side];
      if (!editor) return () => undefined;
      const look = (): void => {
        if (editor.isFocused) set({ side, id: blockAt(editor) });
      };
      editor.on('selectionUpdate', look);
      editor.on('focus', look);
      editor.on('update', look);
      return () => {
        editor.off('selectionUpdate', look);
        editor.off('focus', look);
        editor.off('update', look);
      };
    });
    return () => stops.forEach((stop) => stop());
  }, [editors, set]);
}

/** Goes once to the block that the address names, as soon as it is there. */
function useDeepBlock(editor: Editor | null, rows: readonly Row[], go: (id: string) => void): void {
  const went = useRef(false);
  useEffect(() => {
    const id = blockInAddress();
    if (went.current || !editor || !id || !rows.some((row) => row.id === id && row.own)) return;
    went.current = true;
    go(id);
  });
}

const isBinding = (set: TwinSet | undefined, id: string): boolean =>
  set?.authentic === 'all' || set?.authentic === id;

interface HeadProps {
  workspaceId: string;
  beside: Side;
  own: Side;
  shown: SideName;
  onShow(side: SideName): void;
}

function Head({ workspaceId, beside, own, shown, onShow }: HeadProps) {
  const { t } = useI18n();
  const { data: workspace } = useQuery(queries.workspace(workspaceId));
  const { data: tree } = useQuery(queries.documents(workspaceId));
  return (
    <header className="dhead">
      <div className="dh1">
        <Breadcrumbs items={crumbsOf(own.document, workspace, tree?.documents ?? [])} />
        <h1 lang={beside.document.language}>{beside.document.title}</h1>
      </div>
      <div className="dh2">
        <Presence session={own.session} />
        <TwinViews
          workspaceId={workspaceId}
          documentId={own.document.id}
          editable={own.editable}
          with={beside.document.id}
        />
        <div className="seg bi-switch" role="group" aria-label={t('twins.view')}>
          {(['beside', 'own'] as const).map((side) => (
            <button key={side} type="button" aria-pressed={shown === side} onClick={() => onShow(side)}>
              {(side === 'beside' ? beside : own).document.language}
            </button>
          ))}
        </div>
      </div>
    </header>
  );
}

function Column({ side, note, binding }: { side: Side; note: ReactNode; binding: boolean }) {
  const { t } = useI18n();
  const { language, title, updated_at } = side.document;
  return (
    <div className="bi-h">
      <LanguageTag language={language} />
      <strong lang={language}>{languageName(language)}</strong>
      <span className="meta">
        {note}
        {binding && `, ${t('twins.authentic.this')}`}
      </span>
      <span className="vh" lang={language}>
        {title}
      </span>
      <SaveStatus save={side.save} updatedAt={updated_at} />
    </div>
  );
}

function Progress({ rows }: { rows: readonly Row[] }) {
  const { t } = useI18n();
  const counts = count(rows);
  const total = passagesIn(counts);
  return (
    <span data-testid="progress">
      {total === 0 ? t('twins.progress.none') : t('twins.progress', { current: counts.current, total })}
    </span>
  );
}
