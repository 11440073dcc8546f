import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useMemo, useRef, useState, type DragEvent } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import Upload from 'icon:upload';
import { keyOf, mayEdit, mayManage, queries, type Document, type Id } from '@/api';
import { useContributions } from '@/app/extensions';
import { Failure } from '@/app/Failure';
import { NotFound } from '@/app/NotFound';
import { paths } from '@/app/paths';
import { useTitle } from '@/app/title';
import { useWorkspaceEvents } from '@/app/use_workspace_events';
import { useI18n, withWords } from '@/i18n';
import { Button, Card, classes, IconButton, PageHead, Skeleton, TabLinks } from '@/ui';
import { DocumentTree } from './DocumentTree';
import { EditSpace } from './EditSpace';
import { ImportList } from './ImportList';
import { Members } from './Members';
import { NewDocumentDialog, type NewKind } from './NewDocumentDialog';
import { Overview } from './Overview';
import { Trash } from './Trash';
import { useCreateActions } from './create_actions';
import { importAccept, useImports } from './imports';
import './workspace.css';

const LevelMenu = lazy(withWords(['notifications'], () => import('@/app/notifications/LevelMenu')));

const none: Document[] = [];
const ExtensionTab = lazy(withWords(['extensions'], () => import('@/features/extensions/WorkspaceTab')));

/** One space: its head, its tabs, and files dropped anywhere on it. */
export function WorkspacePage({
  workspaceId,
  tab,
  extension,
}: {
  workspaceId: Id;
  tab: string | undefined;
  /** Which tab of a plugin's, where `tab` is "e". */
  extension?: string;
}) {
  const drawn = useContributions('workspace.tab');
  const { t } = useI18n();
  const { data: space, error, refetch } = useQuery(queries.workspace(workspaceId));
  const documents = useQuery(queries.documents(workspaceId)).data?.documents;
  useWorkspaceEvents(workspaceId);
  const [making, setMaking] = useState<NewKind | null>(null);
  const [editing, setEditing] = useState(false);
  const imports = useImports(workspaceId);
  const editable = mayEdit(space?.my_role);
  const drop = useFileDrop(editable, imports.add);
  const titles: Record<string, string> = {
    documents: t('space.documents'),
    membres: t('space.members'),
    corbeille: t('space.trash'),
    ...(extension ? { e: drawn.find((each) => keyOf(each) === extension)?.ui.name ?? '' } : {}),
  };
  useTitle(space && (tab ? `${titles[tab] ?? ''}, ${space.name}` : space.name));
  // The Documents tab's tree registers these acts itself.
  useCreateActions(tab === 'documents' ? undefined : space, setMaking);

  const tabs = useMemo(
    () => [
      { label: t('space.overview'), to: paths.workspace(workspaceId), current: !tab },
      {
        label: t('space.documents'),
        to: paths.documents(workspaceId),
        current: tab === 'documents',
        count: space?.counts.documents,
      },
      {
        label: t('space.members'),
        to: paths.members(workspaceId),
        current: tab === 'membres',
        count: space?.counts.members,
      },
      ...(editable
        ? [{ label: t('space.trash'), to: paths.trash(workspaceId), current: tab === 'corbeille' }]
        : []),
      ...drawn.map((each) => ({
        label: each.ui.name,
        to: paths.workspaceExtension(workspaceId, keyOf(each)),
        current: tab === 'e' && keyOf(each) === extension,
      })),
    ],
    [t, tab, workspaceId, space, editable, drawn, extension],
  );

  if (tab && !(tab in titles)) return <NotFound />;
  if (!space) {
    return error ? (
      <Failure error={error} onRetry={() => void refetch()} />
    ) : (
      <div className="page ws">
        <Skeleton lines={6} />
      </div>
    );
  }

  return (
    <div className={classes('page ws', drop.over && 'over')} {...drop.handlers}>
      <PageHead
        crumbs={[{ label: t('nav.spaces'), to: paths.spaces }]}
        title={
          <>
            {space.name}
            {mayManage(space.my_role) && (
              <IconButton
                icon={Pencil}
                size="s"
                label={t('space.edit')}
                onPress={() => setEditing(true)}
                className="h-e"
              />
            )}
            <Suspense>
              <LevelMenu object={{ kind: 'workspace', id: workspaceId }} name={space.name} />
            </Suspense>
          </>
        }
        lede={space.description}
        actions={
          editable && (
            <>
              <FileTrigger
                acceptedFileTypes={importAccept}
                allowsMultiple
                onSelect={(files) => files && imports.add(files)}
              >
                <Button icon={Upload}>{t('import.button')}</Button>
              </FileTrigger>
              <Button kind="primary" icon={Plus} onPress={() => setMaking('document')}>
                {t('tree.new.document')}
              </Button>
            </>
          )
        }
      />
      <TabLinks label={t('space.tabs')} items={tabs} />
      <ImportList {...imports} />
      {!tab && <Overview space={space} documents={documents} />}
      {tab === 'documents' && (
        <Card
          title={t('space.documents')}
          className="ws-t"
          end={
            editable && (
              <Button kind="quiet" size="s" icon={Plus} onPress={() => setMaking('folder')}>
                {t('new.folder')}
              </Button>
            )
          }
        >
          <DocumentTree workspaceId={workspaceId} variant="page" />
          {editable && <p className="meta ws-d">{t('import.drop.hint')}</p>}
        </Card>
      )}
      {tab === 'membres' && <Members space={space} />}
      {extension && (
        <Suspense>
          <ExtensionTab key={extension} space={space} name={extension} />
        </Suspense>
      )}
      {tab === 'corbeille' && <Trash space={space} />}
      {drop.over && (
        <div className="drop-o" aria-hidden="true">
          <Upload size="l" />
          {t('import.drop.now', { space: space.name })}
        </div>
      )}
      {making && (
        <NewDocumentDialog
          kind={making}
          parent={null}
          workspace={space}
          documents={documents ?? none}
          onClose={() => setMaking(null)}
        />
      )}
      {editing && <EditSpace space={space} onClose={() => setEditing(false)} />}
    </div>
  );
}

/** Files dragged from outside over the element (what is dragged inside the tree carries no files). */
function useFileDrop(enabled: boolean, onFiles: (files: File[]) => void) {
  const [over, setOver] = useState(false);
  const depth = useRef(0);
  const carries = (event: DragEvent) => enabled && event.dataTransfer.types.includes('Files');
  return {
    over,
    handlers: {
      onDragEnter: (event: DragEvent) => {
        if (!carries(event)) return;
        event.preventDefault();
        depth.current += 1;
        setOver(true);
      },
      onDragOver: (event: DragEvent) => {
        if (carries(event)) event.preventDefault();
      },
      onDragLeave: (event: DragEvent) => {
        if (!carries(event)) return;
        depth.current = Math.max(0, depth.current - 1);
        if (depth.current === 0) setOver(false);
      },
      onDrop: (event: DragEvent) => {
        if (!carries(event)) return;
        event.preventDefault();
        depth.current = 0;
        setOver(false);
        onFiles([...event.dataTransfer.files]);
      },
    },
  };
}
