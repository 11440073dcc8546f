import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import {
  createDocument,
  fieldError,
  formError,
  queries,
  type Document,
  type Id,
  type Workspace,
} from '@/api';
import { ContentLanguage } from '@/app/ContentLanguage';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField, toast } from '@/ui';
import { branches, lastIn, type Branch } from './arrange';

export type NewKind = 'document' | 'folder';

interface NewDocumentDialogProps {
  kind: NewKind;
  parent: Id | null;
  workspace: Workspace;
  documents: Document[];
  onClose: () => void;
}

export const top = 'top';

/** The folders of a space in the order of the tree, each with its depth. */
export function folders(documents: Document[], without?: Set<Id>): { document: Document; depth: number }[] {
  const found: { document: Document; depth: number }[] = [];
  const walk = (list: Branch[], depth: number) => {
    for (const { document, children } of list) {
      if (document.kind !== 'folder' || without?.has(document.id)) continue;
      found.push({ document, depth });
      walk(children, depth + 1);
    }
  };
  walk(branches(documents), 0);
  return found;
}

export function NewDocumentDialog({ kind, parent, workspace, documents, onClose }: NewDocumentDialogProps) {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const client = useQueryClient();
  const [title, setTitle] = useState('');
  const [language, setLanguage] = useState('auto');
  const [place, setPlace] = useState<string>(parent ?? top);
  const places = useMemo(() => folders(documents), [documents]);
  const send = useMutation({
    mutationFn: () => {
      const parent_id = place === top ? null : place;
      return createDocument(workspace.id, {
        title: title.trim(),
        kind,
        ...(language === 'auto' ? {} : { language }),
        parent_id,
        after_id: lastIn(documents, parent_id, '').after_id,
      });
    },
    onSuccess: (made) => {
      client.setQueryData(
        queries.documents(workspace.id).queryKey,
        (old) => old && { documents: [...old.documents, made] },
      );
      void client.invalidateQueries({ queryKey: ['workspace', workspace.id] });
      onClose();
      if (kind === 'document') navigate(paths.document(workspace.id, made.id));
      else toast({ text: t('new.folder.done', { title: made.title }) });
    },
  });
  const above = formError(send.error, 'title');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (title.trim()) send.mutate();
  };
  return (
    <Dialog title={t(kind === 'folder' ? 'new.folder' : 'new.document')} isOpen onClose={onClose}>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          label={t('column.title')}
          value={title}
          onChange={setTitle}
          error={fieldError(send.error, 'title')}
          maxLength={200}
          autoFocus
          isRequired
        />
        <div className={kind === 'document' ? 'two-c' : 'form'}>
          {kind === 'document' && (
            <ContentLanguage label={t('new.language')} value={language} onChange={setLanguage} auto />
          )}
          <Select label={t('new.place')} value={place} onChange={(key) => setPlace(String(key))}>
            <Option id={top} textValue={workspace.name}>
              {workspace.name}
            </Option>
            {/* A document may lie under a document too: then it is offered, so that the choice shows where it goes. */}
            {parent && !places.some((each) => each.document.id === parent) && (
              <Option id={parent} textValue={documents.find((each) => each.id === parent)?.title ?? ''}>
                {documents.find((each) => each.id === parent)?.title}
              </Option>
            )}
            {places.map(({ document, depth }) => (
              <Option key={document.id} id={document.id} textValue={document.title}>
                {'\u2003'.repeat(depth)}
                {document.title}
              </Option>
            ))}
          </Select>
        </div>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!title.trim()}>
            {t('new.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
