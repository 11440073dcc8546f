import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState } from 'react';
import { Redirect, useSearch } from 'wouter';
import { queries, type Document } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Skeleton, useWide } from '@/ui';
import { Beginning } from './page/Beginning';
import { Frame } from './page/Frame';
import { Unreadable } from './page/Troubles';
import { isPassing, useDocumentQuery } from './use_document';
import './document.css';
import './prose.css';

const BilingualPage = lazy(() => import('./bilingual/BilingualPage'));
const DocumentTree = lazy(() =>
  import('@/features/workspace').then((module) => ({ default: module.DocumentTree })),
);

/** The editor is large. The text is asked for before it and shown first; but it is not waited for longer than this. */
const kTextFirstMs = 600;

/** Calls once the text is painted and nothing else is under way, or at the latest when its time is over. */
function afterPaint(then: () => void): () => void {
  let idle = 0;
  const timer = setTimeout(then, kTextFirstMs);
  const frame = requestAnimationFrame(() => {
    // Safari has no such callback: there the time above decides.
    if ('requestIdleCallback' in window) idle = requestIdleCallback(then);
  });
  return () => {
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    if (idle) cancelIdleCallback(idle);
  };
}

let isLiveHere = false;
const livePage = () =>
  import('./LivePage').then((module) => {
    isLiveHere = true;
    return module;
  });
const LivePage = lazy(livePage);

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
          <Suspense>
            <DocumentTree workspaceId={workspaceId} currentId={documentId} />
          </Suspense>
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
  return <Arriving document={document} workspaceId={workspaceId} attempt={attempt} onAgain={again} />;
}

interface ArrivingProps {
  document: Document;
  workspaceId: string;
  attempt: number;
  onAgain(): void;
}

// First the page with the beginning of the text, then the editor in its place.
function Arriving({ document, workspaceId, attempt, onAgain }: ArrivingProps) {
  const [live, setLive] = useState(isLiveHere);
  const text = useQuery({ ...queries.text(document.id), enabled: !live });
  const settled = text.isSuccess || text.isError;
  useEffect(() => {
    if (live) return undefined;
    if (!settled) {
      const timer = setTimeout(() => setLive(true), kTextFirstMs);
      return () => clearTimeout(timer);
    }
    return afterPaint(() => setLive(true));
  }, [live, settled]);
  const beginning = (
    <Beginning title={document.title} language={document.language} blocks={text.data?.blocks} />
  );
  const waiting = (
    <Frame document={document} workspaceId={workspaceId}>
      {beginning}
    </Frame>
  );
  if (!live) return waiting;
  return (
    <Suspense fallback={waiting}>
      <LivePage
        document={document}
        workspaceId={workspaceId}
        attempt={attempt}
        onAgain={onAgain}
        beginning={beginning}
      />
    </Suspense>
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
