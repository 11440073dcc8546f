import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type ReactNode } from 'react';
import { Redirect, useLocation, useSearch } from 'wouter';
import { mayEdit, queries, type Document, type Person } from '@/api';
import { paths } from '@/app/paths';
import { hatText, isLeaving, useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { forgetDocument, type DocumentSession, type SaveState } from '@/collab';
import { DocumentTree } from '@/features/workspace';
import { useI18n } from '@/i18n';
import { Breadcrumbs, ErrorNotice, Notice, Skeleton, toast, useWide } from '@/ui';
import { crumbsOf } from './page/crumbs';
import { ExportMenu } from './page/ExportMenu';
import { LanguageSelect } from './page/LanguageSelect';
import { Presence } from './page/Presence';
import { presentAs } from './page/present';
import { SaveStatus } from './page/SaveStatus';
import { Share } from './page/Share';
import { Sheet } from './page/Sheet';
import { Title } from './page/Title';
import { TwinViews } from './page/TwinViews';
import { Denied, NoCopy, NotThere, Unreadable, Unsendable } from './page/Troubles';
import { isPassing, useDocument, useDocumentQuery, type DocumentFacts } from './use_document';
import { useDetection } from './use_detection';
import { useSaveState, useSession } from './use_session';
import './document.css';
import './prose.css';

const BilingualPage = lazy(() => import('./bilingual/BilingualPage'));

export interface DocumentPageProps {
  workspaceId: string;
  documentId: string;
}

/** One document, with the tree of its space beside it. */
export function DocumentPage({ workspaceId, documentId }: DocumentPageProps) {
  const { t } = useI18n();
  const wide = useWide();
  const beside = new URLSearchParams(useSearch()).get('avec');
  return (
    <div className="docpage">
      {wide && (
        <nav className="dside" aria-label={t('document.tree')}>
          <DocumentTree workspaceId={workspaceId} currentId={documentId} />
        </nav>
      )}
      {beside ? (
        <Suspense fallback={<Waiting />}>
          <BilingualPage
            key={`${documentId} ${beside}`}
            workspaceId={workspaceId}
            documentId={documentId}
            otherId={beside}
          />
        </Suspense>
      ) : (
        <Opened key={documentId} workspaceId={workspaceId} documentId={documentId} />
      )}
    </div>
  );
}

// The session is opened once it is known that the document may be read; then the two keep each other up to date.
function Opened({ workspaceId, documentId }: DocumentPageProps) {
  const { t } = useI18n();
  const query = useDocumentQuery(workspaceId, documentId);
  const [attempt, setAttempt] = useState(0);
  const again = (): void => {
    void query.refetch().then(() => setAttempt((last) => last + 1));
  };
  const document = query.data;
  if (query.error && (!document || !isPassing(query.error))) {
    return (
      <div className="dmain">
        <div className="dtrouble">
          <h1 className="vh">{t('document.unreadable')}</h1>
          <Unreadable
            error={query.error}
            documentId={documentId}
            back={paths.documents(workspaceId)}
            onRetry={again}
          />
        </div>
      </div>
    );
  }
  if (!document) return <Waiting />;
  if (document.kind === 'folder') return <Redirect to={paths.documents(workspaceId)} replace />;
  return <Connected document={document} workspaceId={workspaceId} attempt={attempt} onAgain={again} />;
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

interface ConnectedProps {
  document: Document;
  workspaceId: string;
  attempt: number;
  onAgain(): void;
}

function Connected({ document, workspaceId, attempt, onAgain }: ConnectedProps) {
  const me = useMe();
  const session = useSession(document.id, me.id, mayEdit(document.my_role), attempt);
  useEffect(() => session?.present(presentAs(me)), [session, me]);
  if (!session) return <Waiting />;
  return <Live session={session} workspaceId={workspaceId} documentId={document.id} onAgain={onAgain} />;
}

interface LiveProps {
  session: DocumentSession;
  workspaceId: string;
  documentId: string;
  onAgain(): void;
}

function Live({ session, workspaceId, documentId, onAgain }: LiveProps) {
  const save = useSaveState(session);
  const facts = useDocument(workspaceId, documentId, save.about);
  const document = facts.query.data;

  // Each of these has its answer at the server: a sign-in, the trash, or what is left of the rights.
  const { state } = save;
  useEffect(() => {
    if (state === 'signed-out' && isLeaving()) return;
    if (state === 'signed-out' || state === 'trashed' || state === 'denied') onAgain();
    // Asked once for each change of the state.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [state]);

  if (!document) return <Waiting />;
  return (
    <Page
      session={session}
      save={save}
      facts={facts}
      document={document}
      workspaceId={workspaceId}
      onAgain={onAgain}
    />
  );
}

interface PageProps extends Omit<LiveProps, 'documentId'> {
  save: SaveState;
  facts: DocumentFacts;
  document: Document;
}

const kOver: readonly SaveState['state'][] = [
  'denied',
  'not-found',
  'trashed',
  'signed-out',
  'malformed',
  'refused',
];

function Page({ session, save, facts, document, workspaceId, onAgain }: PageProps) {
  const [, navigate] = useLocation();
  const { data: workspace } = useQuery(queries.workspace(workspaceId));
  const { data: tree } = useQuery(queries.documents(workspaceId));
  useTitle(document.title);
  const role = save.about?.role ?? document.my_role;
  const editable = mayEdit(role) && !kOver.includes(save.state);
  useDetection(session, save, editable && document.language_origin === 'assumed', facts.detect);
  const over = save.state === 'denied' || save.state === 'not-found' || !save.ready;

  const head = (
    <header className="dhead">
      <div className="dh1">
        <Breadcrumbs items={crumbsOf(document, workspace, tree?.documents ?? [])} />
        <Title
          title={document.title}
          language={document.language}
          editable={editable}
          onChange={(title) => facts.change({ title })}
        />
      </div>
      <div className="dh2">
        <SaveStatus save={save} updatedAt={document.updated_at} />
        <TwinViews workspaceId={workspaceId} documentId={document.id} editable={editable} />
        <Presence session={session} />
        <Share membersPath={paths.members(workspaceId)} onGo={navigate} />
      </div>
    </header>
  );
  const views = (contents: ReactNode) => (
    <div className="dviews">
      {contents}
      <LanguageSelect
        language={document.language}
        origin={document.language_origin}
        editable={editable}
        onChange={(language) => facts.change({ language })}
      />
      <ExportMenu documentId={document.id} />
    </div>
  );
  if (over) {
    return (
      <div className="dmain">
        {head}
        <div className="dcanvas">
          <div className="sheet">
            <Absent save={save} back={paths.documents(workspaceId)} onAgain={onAgain} />
          </div>
        </div>
      </div>
    );
  }
  return (
    <Sheet session={session} title={document.title} language={document.language} editable={editable}>
      {({ toolbar, contents, sheet }) => (
        <div className="dmain">
          {head}
          <div className="dbar">
            {toolbar || <div className="dtools" />}
            {views(contents)}
          </div>
          <div className="dcanvas">
            <div className="dpaper">
              <Standing save={save} session={session} role={role} onAgain={onAgain} />
              {sheet}
              {document.updated_by && <LastWriter person={document.updated_by} />}
            </div>
            <div className="margin" />
          </div>
        </div>
      )}
      {/* The margin is the place of comments, the bar has room for the history and for the second language. */}
    </Sheet>
  );
}

/** Who wrote last, and under which hat. */
function LastWriter({ person }: { person: Person }) {
  const { t } = useI18n();
  const name = [person.name, hatText(person)].filter(Boolean).join(', ');
  return (
    <p className="meta wrote" data-testid="last-writer">
      {t('hat.wrote', { name })}
    </p>
  );
}

function Absent({ save, back, onAgain }: { save: SaveState; back: string; onAgain(): void }) {
  if (save.state === 'denied') return <Denied back={back} />;
  if (save.state === 'not-found') return <NotThere back={back} />;
  if (save.state === 'offline') return <NoCopy onRetry={onAgain} />;
  return <Skeleton lines={8} />;
}

/** What has to be known about the text below: that it is read only, or that something is wrong. */
function Standing({
  save,
  session,
  role,
  onAgain,
}: {
  save: SaveState;
  session: DocumentSession;
  role: Document['my_role'];
  onAgain(): void;
}) {
  const { t } = useI18n();
  if (save.state === 'refused') {
    const copy = async (): Promise<void> => {
      const text = window.document.querySelector<HTMLElement>('[data-testid="editor"]')?.innerText ?? '';
      await navigator.clipboard.writeText(text);
      toast({ text: t('document.refused.copied') });
    };
    const discard = (): void => void forgetDocument(session).then(onAgain);
    return <Unsendable count={save.unsent} onCopy={() => void copy()} onDiscard={discard} />;
  }
  if (save.state === 'malformed')
    return (
      <ErrorNotice title={t('document.malformed')} onRetry={onAgain}>
        {t('document.malformed.detail')}
      </ErrorNotice>
    );
  if (save.state === 'signed-out') return <Notice tone="wait" title={t('document.signed.out')} announce />;
  if (!mayEdit(role))
    return (
      <Notice title={t('document.read.only')}>
        {t(role === 'commenter' ? 'document.read.only.commenter' : 'document.read.only.reader')}
      </Notice>
    );
  return null;
}
