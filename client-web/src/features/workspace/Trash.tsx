import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import RotateCcw from 'icon:rotate-ccw';
import Trash2 from 'icon:trash-2';
import { deleteDocument, errorText, mayEdit, mayManage, queries, type Document, type Workspace } from '@/api';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  Dialog,
  DialogFoot,
  EmptyState,
  ErrorNotice,
  LanguageTag,
  Skeleton,
  Table,
  toast,
} from '@/ui';
import { useDocumentChanges } from './changes';

export function Trash({ space }: { space: Workspace }) {
  const { t, format, language } = useI18n();
  const client = useQueryClient();
  const changes = useDocumentChanges(space.id);
  const { data, error, refetch } = useQuery({ ...queries.trash(space.id), enabled: mayEdit(space.my_role) });
  const [doomed, setDoomed] = useState<Document | null>(null);
  const destroy = useMutation({
    mutationFn: (document: Document) => deleteDocument(document.id),
    onSuccess: (_, document) => {
      setDoomed(null);
      toast({ text: t('trash.deleted', { title: document.title }) });
    },
    onSettled: () => client.invalidateQueries({ queryKey: queries.trash(space.id).queryKey }),
  });
  const restore = async (document: Document) => {
    if (await changes.restore(document)) toast({ text: t('trash.restored', { title: document.title }) });
  };
  return (
    <>
      <Card title={t('space.trash')} count={data?.documents.length} className="ws-t">
        {!data && (
          <div className="panel-b">
            {error ? (
              <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
            ) : (
              <Skeleton lines={4} />
            )}
          </div>
        )}
        {data?.documents.length === 0 && (
          <EmptyState icon={Trash2} title={t('trash.empty')}>
            {t('trash.empty.detail')}
          </EmptyState>
        )}
        {data && data.documents.length > 0 && (
          <Table
            className="docs"
            caption={t('trash.caption')}
            columns={[
              { id: 'title', title: t('column.title') },
              { id: 'language', title: t('column.language'), secondary: true },
              { id: 'when', title: t('column.trashed'), secondary: true },
              { id: 'acts', title: t('column.acts'), align: 'end', titleHidden: true },
            ]}
          >
            {data.documents.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  <span className="dt">
                    {each.kind === 'folder' ? <Folder /> : <FileText />}
                    <span lang={each.language.startsWith(language) ? undefined : each.language}>
                      {each.title}
                    </span>
                  </span>
                </th>
                <td className="hide-m">
                  {each.kind === 'document' && <LanguageTag language={each.language} />}
                </td>
                <td className="hide-m meta">{each.trashed_at && format.ago(each.trashed_at)}</td>
                <td className="r">
                  <span className="btns tr-b">
                    <Button
                      size="s"
                      icon={RotateCcw}
                      onPress={() => void restore(each)}
                      aria-label={t('trash.restore.of', { title: each.title })}
                    >
                      {t('trash.restore')}
                    </Button>
                    {mayManage(space.my_role) && (
                      <Button
                        size="s"
                        kind="danger"
                        onPress={() => setDoomed(each)}
                        aria-label={t('trash.delete.of', { title: each.title })}
                      >
                        {t('trash.delete')}
                      </Button>
                    )}
                  </span>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Card>
      {doomed && (
        <Dialog
          title={t('trash.delete.title', { title: doomed.title })}
          isOpen
          onClose={() => setDoomed(null)}
          alert
        >
          {destroy.error && <ErrorNotice title={errorText(destroy.error)} />}
          <p>{t(doomed.kind === 'folder' ? 'trash.delete.folder' : 'trash.delete.detail')}</p>
          <DialogFoot>
            <Button onPress={() => setDoomed(null)} autoFocus>
              {t('ui.cancel')}
            </Button>
            <Button kind="destructive" isPending={destroy.isPending} onPress={() => destroy.mutate(doomed)}>
              {t('trash.delete.submit', { title: doomed.title })}
            </Button>
          </DialogFoot>
        </Dialog>
      )}
    </>
  );
}
