import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { createTwin, errorText, linkTwin, queries, type TwinSet } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField } from '@/ui';
import { kLanguages, languageName } from './LanguageSelect';

interface TwinDialogProps {
  workspaceId: string;
  documentId: string;
  kind: 'create' | 'link';
  set: TwinSet | undefined;
  onClose(): void;
}

/** Makes a translation of the document, or takes one that exists. */
export default function TwinDialog(props: TwinDialogProps) {
  return props.kind === 'create' ? <Create {...props} /> : <LinkExisting {...props} />;
}

/** Does it, tells the lists, and opens the two side by side. */
function useMake({ workspaceId, documentId, set, onClose }: TwinDialogProps) {
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [failure, setFailure] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const source = set?.source_id ?? documentId;
  const make = (work: () => Promise<string>): void => {
    setBusy(true);
    setFailure(null);
    work()
      .then(async (own) => {
        await Promise.all([
          client.invalidateQueries({ queryKey: queries.twins(workspaceId).queryKey }),
          client.invalidateQueries({ queryKey: queries.documents(workspaceId).queryKey }),
        ]);
        onClose();
        navigate(paths.bilingual(workspaceId, own, source));
      })
      .catch((error: unknown) => {
        setFailure(errorText(error));
        setBusy(false);
      });
  };
  return { make, busy, failure, source };
}

function Create(props: TwinDialogProps) {
  const { t } = useI18n();
  const { data } = useQuery(queries.document(props.documentId));
  const taken = props.set?.documents.map(({ language }) => language) ?? [data?.language ?? ''];
  const free = kLanguages.filter((each) => !taken.includes(each));
  const near = free.find((each) => !taken.some((one) => each.startsWith(one.slice(0, 2)))) ?? free[0];
  const [chosen, setChosen] = useState<string | null>(null);
  const language = chosen ?? near ?? '';
  const [title, setTitle] = useState('');
  const [start, setStart] = useState('empty');
  const { make, busy, failure, source } = useMake(props);
  return (
    <Dialog title={t('twins.create.title')} isOpen onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make(async () => (await createTwin(source, { language, title, copy: start === 'copy' })).id);
        }}
      >
        {failure && <ErrorNotice title={failure} />}
        <Select
          label={t('twins.create.language')}
          value={language}
          onChange={(key) => key && setChosen(String(key))}
        >
          {free.map((tag) => (
            <Option key={tag} id={tag} textValue={languageName(tag)}>
              <span lang={tag}>{languageName(tag)}</span>
            </Option>
          ))}
        </Select>
        <TextField label={t('twins.create.name')} value={title} onChange={setTitle} maxLength={200} />
        <Select label={t('twins.create.start')} value={start} onChange={(key) => setStart(String(key))}>
          <Option id="empty" textValue={t('twins.create.empty')}>
            {t('twins.create.empty')}
          </Option>
          <Option id="copy" textValue={t('twins.create.copy')}>
            {t('twins.create.copy')}
          </Option>
        </Select>
        <DialogFoot>
          <Button kind="primary" type="submit" isDisabled={busy}>
            {t('twins.create.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function LinkExisting(props: TwinDialogProps) {
  const { t } = useI18n();
  const { workspaceId, documentId, set } = props;
  const { data: tree } = useQuery(queries.documents(workspaceId));
  const { data: twins } = useQuery(queries.twins(workspaceId));
  const [chosen, setChosen] = useState<string | null>(null);
  const { make, busy, failure, source } = useMake(props);
  const linked = new Set(twins?.sets.flatMap((each) => each.documents.map(({ id }) => id)));
  const languages = set?.documents.map(({ language }) => language) ?? [
    tree?.documents.find(({ id }) => id === documentId)?.language,
  ];
  const free = (tree?.documents ?? []).filter(
    (each) =>
      each.kind === 'document' &&
      each.id !== documentId &&
      !linked.has(each.id) &&
      !languages.includes(each.language),
  );
  return (
    <Dialog title={t('twins.link.title')} isOpen onClose={props.onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (chosen) make(() => linkTwin(chosen, source).then(() => chosen));
        }}
      >
        {failure && <ErrorNotice title={failure} />}
        {free.length === 0 ? (
          <p>{t('twins.link.none')}</p>
        ) : (
          <Select
            label={t('twins.link.document')}
            hint={t('twins.link.hint')}
            value={chosen}
            onChange={(key) => setChosen(key === null ? null : String(key))}
          >
            {free.map((each) => (
              <Option key={each.id} id={each.id} textValue={each.title} note={languageName(each.language)}>
                <span lang={each.language}>{each.title}</span>
              </Option>
            ))}
          </Select>
        )}
        <DialogFoot>
          <Button kind="primary" type="submit" isDisabled={busy || !chosen}>
            {t('twins.link.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
