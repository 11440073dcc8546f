import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { useLocation } from 'wouter';
import Columns from 'icon:columns-2';
import Languages from 'icon:languages';
import { errorText, queries, setAuthentic, unlinkTwin, type TwinDocument, type TwinSet } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import {
  Button,
  Link,
  Menu,
  MenuItem,
  MenuSection,
  MenuSeparator,
  toast,
  useWide,
  VisuallyHidden,
} from '@/ui';
import { languageName } from './LanguageSelect';

const TwinDialog = lazy(() => import('./TwinDialog'));

export interface TwinViewsProps {
  workspaceId: string;
  documentId: string;
  editable: boolean;
  /** The twin that is shown beside it. */
  with?: string;
}

/** The languages of a document: one, or two side by side; and what can be done about them. */
export function TwinViews({ workspaceId, documentId, editable, with: beside }: TwinViewsProps) {
  const { data } = useQuery(queries.twins(workspaceId));
  const [asking, setAsking] = useState<'create' | 'link' | null>(null);
  const set = data?.sets.find((each) => each.documents.some(({ id }) => id === documentId));
  return (
    <>
      {set && <Views workspaceId={workspaceId} documentId={documentId} beside={beside} set={set} />}
      {(editable || (set && set.documents.length > 2)) && (
        <TwinMenu
          workspaceId={workspaceId}
          documentId={documentId}
          editable={editable}
          set={set}
          beside={beside}
          onAsk={setAsking}
        />
      )}
      {asking && (
        <Suspense>
          <TwinDialog
            workspaceId={workspaceId}
            documentId={documentId}
            kind={asking}
            set={set}
            onClose={() => setAsking(null)}
          />
        </Suspense>
      )}
    </>
  );
}

interface ViewsProps {
  workspaceId: string;
  documentId: string;
  beside: string | undefined;
  set: TwinSet;
}

function Views({ workspaceId, documentId, beside, set }: ViewsProps) {
  const { t } = useI18n();
  const wide = useWide();
  const [source, ...others] = set.documents;
  const own = others.find(({ id }) => id === documentId) ?? others[0];
  if (!source || !own) return null;
  const left = set.documents.find(({ id }) => id === beside && id !== own.id) ?? source;
  const both = t('twins.view.both', { first: left.language, second: own.language });
  const one = (document: TwinDocument) => (
    <Link
      key={document.id}
      to={paths.document(workspaceId, document.id)}
      {...(!beside && document.id === documentId ? { 'aria-current': 'page' } : {})}
    >
      {document.language}
    </Link>
  );
  return (
    <div className="seg twin-views" role="group" aria-label={t('twins.view')}>
      {one(source)}
      <Link
        to={paths.bilingual(workspaceId, own.id, left.id)}
        {...(beside ? { 'aria-current': 'page' } : {})}
      >
        <Columns size="s" />
        {wide ? both : <VisuallyHidden>{both}</VisuallyHidden>}
      </Link>
      {others.map(one)}
    </div>
  );
}

/** Entries of the menu that open a twin beside this document; its id follows. */
const kBeside = 'beside ';

interface TwinMenuProps {
  workspaceId: string;
  documentId: string;
  editable: boolean;
  set: TwinSet | undefined;
  beside: string | undefined;
  onAsk(kind: 'create' | 'link'): void;
}

function TwinMenu({ workspaceId, documentId, editable, set, beside, onAsk }: TwinMenuProps) {
  const { t } = useI18n();
  const wide = useWide();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const changed = (work: Promise<void>, done?: () => void): void =>
    void work
      .then(done)
      .catch((error: unknown) => toast({ text: errorText(error), kind: 'failure' }))
      .finally(() => void client.invalidateQueries({ queryKey: queries.twins(workspaceId).queryKey }));
  const authentic: [string, string][] = set
    ? [
        ['none', t('twins.authentic.none')],
        ['all', t('twins.authentic.all')],
        ...set.documents.map(({ id, language }): [string, string] => [id, language]),
      ]
    : [];
  const act = (key: string): void => {
    if (key === 'create' || key === 'link') onAsk(key);
    else if (key.startsWith(kBeside))
      navigate(paths.bilingual(workspaceId, documentId, key.slice(kBeside.length)));
    else if (key === 'unlink')
      changed(unlinkTwin(documentId), () => {
        toast({ text: t('twins.unlink.done') });
        navigate(paths.document(workspaceId, documentId));
      });
    else changed(setAuthentic(documentId, key));
  };
  const others = set && set.documents.length > 2 ? set.documents.filter(({ id }) => id !== documentId) : [];
  return (
    <Menu
      trigger={
        <Button kind="quiet" size="s" icon={Languages}>
          {wide ? t('twins.menu') : <VisuallyHidden>{t('twins.menu')}</VisuallyHidden>}
        </Button>
      }
      onAction={(key) => act(String(key))}
    >
      {editable && (
        <MenuSection title={t('twins.menu')}>
          <MenuItem id="create">{t('twins.create')}</MenuItem>
          <MenuItem id="link">{t('twins.link')}</MenuItem>
          {set && set.source_id !== documentId && <MenuItem id="unlink">{t('twins.unlink')}</MenuItem>}
        </MenuSection>
      )}
      {editable && others.length > 0 && <MenuSeparator />}
      {others.length > 0 && (
        <MenuSection
          title={t('twins.beside')}
          selectionMode="single"
          selectedKeys={beside ? [kBeside + beside] : []}
        >
          {others.map(({ id, language }) => (
            <MenuItem key={id} id={kBeside + id} choice>
              {languageName(language)}
            </MenuItem>
          ))}
        </MenuSection>
      )}
      {editable && set && <MenuSeparator />}
      {editable && set && (
        <MenuSection
          title={t('twins.authentic')}
          selectionMode="single"
          disallowEmptySelection
          selectedKeys={[set.authentic]}
        >
          {authentic.map(([id, words]) => (
            <MenuItem key={id} id={id} choice>
              {words}
            </MenuItem>
          ))}
        </MenuSection>
      )}
    </Menu>
  );
}
