import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState, type ReactNode } from 'react';
import PanelRight from 'icon:panel-right';
import TableOfContents from 'icon:table-of-contents';
import { useLocation } from 'wouter';
import { mayEdit, queries, type Document } from '@/api';
import { useContributions } from '@/app/extensions';
import { paths } from '@/app/paths';
import { useTitle } from '@/app/title';
import type { SaveState } from '@/collab';
import { useI18n, withWords } from '@/i18n';
import { Breadcrumbs, Button } from '@/ui';
import { crumbsOf } from './crumbs';
import { ExportMenu } from './ExportMenu';
import { LanguageSelect } from './LanguageSelect';
import { SaveStatus } from './SaveStatus';
import { Share } from './Share';
import { Title } from './Title';
import { TwinViews } from './TwinViews';

const LevelMenu = lazy(withWords(['notifications'], () => import('@/app/notifications/LevelMenu')));
const DocumentSidebar = lazy(
  withWords(['extensions'], () => import('@/features/extensions/DocumentSidebar')),
);
const kOpen = 'cluse.sidebar';

/** Whether the volets of plugins are open: kept in this browser. */
function useSidebar(): [boolean, (open: boolean) => void] {
  const [open, setOpen] = useState(() => {
    try {
      return localStorage.getItem(kOpen) === '1';
    } catch {
      return false;
    }
  });
  const set = (next: boolean): void => {
    setOpen(next);
    try {
      localStorage.setItem(kOpen, next ? '1' : '0');
    } catch {
      // Storage may be forbidden: the choice then lasts as long as the page.
    }
  };
  return [open, set];
}

const kConnecting: SaveState = {
  state: 'connecting',
  unsent: 0,
  savedAt: null,
  ready: false,
  synced: false,
  kept: false,
  about: null,
};

export interface FrameProps {
  document: Document;
  workspaceId: string;
  /** Absent until the document is live: nothing can be changed yet. */
  onChange?(change: { title?: string; language?: string }): void;
  editable?: boolean;
  save?: SaveState;
  presence?: ReactNode;
  toolbar?: ReactNode;
  contents?: ReactNode;
  children: ReactNode;
}

/** The page around the text. It is the same before the text is live and after, so that nothing jumps. */
export function Frame({
  document,
  workspaceId,
  onChange,
  editable = mayEdit(document.my_role),
  save = kConnecting,
  presence,
  toolbar,
  contents,
  children,
}: FrameProps) {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const { data: workspace } = useQuery(queries.workspace(workspaceId));
  const { data: tree } = useQuery(queries.documents(workspaceId));
  const hasSidebar = useContributions('document.sidebar').length > 0;
  const [sidebar, setSidebar] = useSidebar();
  useTitle(document.title);
  return (
    <div className="dmain">
      <header className="dhead">
        <div className="dh1">
          <Breadcrumbs items={crumbsOf(document, workspace, tree?.documents ?? [])} />
          <Title
            title={document.title}
            language={document.language}
            editable={editable && onChange !== undefined}
            onChange={(title) => onChange?.({ title })}
          />
        </div>
        <div className="dh2">
          <SaveStatus save={save} updatedAt={document.updated_at} />
          <TwinViews workspaceId={workspaceId} documentId={document.id} editable={editable} />
          {presence ?? <span data-testid="presence" data-count="0" hidden />}
          <Suspense>
            <LevelMenu object={{ kind: 'document', id: document.id }} name={document.title} />
          </Suspense>
          <Share membersPath={paths.members(workspaceId)} onGo={navigate} />
        </div>
      </header>
      <div className="dbar">
        {toolbar || <div className="dtools" />}
        <div className="dviews">
          {contents || (
            <Button kind="quiet" size="s" icon={TableOfContents} isDisabled>
              {t('document.contents')}
            </Button>
          )}
          <LanguageSelect
            language={document.language}
            origin={document.language_origin}
            editable={editable && onChange !== undefined}
            onChange={(language) => onChange?.({ language })}
          />
          <ExportMenu documentId={document.id} />
          {hasSidebar && (
            <Button
              kind="quiet"
              size="s"
              icon={PanelRight}
              aria-expanded={sidebar}
              onPress={() => setSidebar(!sidebar)}
            >
              {t('document.volets')}
            </Button>
          )}
        </div>
      </div>
      <div className="dcanvas">
        <div className="dpaper">{children}</div>
        {/* The place of comments; the bar has room for the history. */}
        {hasSidebar && sidebar ? (
          <Suspense fallback={<div className="margin" />}>
            <DocumentSidebar document={document} onClose={() => setSidebar(false)} />
          </Suspense>
        ) : (
          <div className="margin" />
        )}
      </div>
    </div>
  );
}
