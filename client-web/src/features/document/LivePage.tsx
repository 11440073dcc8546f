// The document when it is live: the session with the server, and the editor on it. It comes after the page and the text.
import { useEffect, type ReactNode } from 'react';
import { mayEdit, type Document, type Person } from '@/api';
import { paths } from '@/app/paths';
import { hatText, isLeaving, useMe } from '@/app/session';
import { forgetDocument, type DocumentSession, type SaveState } from '@/collab';
import { useI18n } from '@/i18n';
import { ErrorNotice, Notice, toast } from '@/ui';
import { Frame } from './page/Frame';
import { Presence } from './page/Presence';
import { presentAs } from './page/present';
import { Sheet } from './page/Sheet';
import { Denied, NoCopy, NotThere, Unsendable } from './page/Troubles';
import { useDocument, type DocumentFacts } from './use_document';
import { useSaveState, useSession } from './use_session';

export interface LivePageProps {
  document: Document;
  workspaceId: string;
  attempt: number;
  onAgain(): void;
  /** What stands there until the session has a text. */
  beginning: ReactNode;
}

export default function LivePage({ document, workspaceId, attempt, onAgain, beginning }: LivePageProps) {
  const me = useMe();
  const session = useSession(document.id, me.id, mayEdit(document.my_role), attempt);
  useEffect(() => session?.present(presentAs(me)), [session, me]);
  if (!session)
    return (
      <Frame document={document} workspaceId={workspaceId}>
        {beginning}
      </Frame>
    );
  return (
    <Live
      session={session}
      workspaceId={workspaceId}
      documentId={document.id}
      onAgain={onAgain}
      beginning={beginning}
    />
  );
}

interface LiveProps {
  session: DocumentSession;
  workspaceId: string;
  documentId: string;
  onAgain(): void;
  beginning: ReactNode;
}

function Live({ session, workspaceId, documentId, onAgain, beginning }: LiveProps) {
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

  if (!document) return null;
  return (
    <Page
      session={session}
      save={save}
      facts={facts}
      document={document}
      workspaceId={workspaceId}
      onAgain={onAgain}
      beginning={beginning}
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

function Page({ session, save, facts, document, workspaceId, onAgain, beginning }: PageProps) {
  const role = save.about?.role ?? document.my_role;
  const editable = mayEdit(role) && !kOver.includes(save.state);
  const gone = save.state === 'denied' || save.state === 'not-found';
  const frame = {
    document,
    workspaceId,
    editable,
    save,
    onChange: facts.change,
    presence: <Presence session={session} />,
  };
  if (gone || !save.ready) {
    const absent = gone || save.state === 'offline';
    const back = paths.documents(workspaceId);
    return (
      <Frame {...frame}>
        {absent ? (
          <div className="sheet">
            <Absent save={save} back={back} onAgain={onAgain} />
          </div>
        ) : (
          beginning
        )}
      </Frame>
    );
  }
  return (
    <Sheet session={session} title={document.title} language={document.language} editable={editable}>
      {({ toolbar, contents, sheet }) => (
        <Frame {...frame} toolbar={toolbar} contents={contents}>
          <Standing save={save} session={session} role={role} onAgain={onAgain} />
          {sheet}
          {document.updated_by && <LastWriter person={document.updated_by} />}
        </Frame>
      )}
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
  return <NoCopy onRetry={onAgain} />;
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
