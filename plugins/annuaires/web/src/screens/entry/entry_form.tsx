// The form of an entry, for three uses: the secretariat changes it, somebody proposes a correction, somebody proposes (or
// the secretariat adds) a new one. Only what was changed is sent.
import { useMemo, useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Change, Directory, Entry, Field, Kind, Values, Visibility } from '@/app/model';
import { visibilities } from '@/app/model';
import { useDirectory, useFields } from '@/app/directories';
import { changedKeys, same } from '@/pure/diff';
import { forRoute } from '@/pure/values';
import { Radios, Select, Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Failure, Head, Notice, Say, Seen, To, Waiting, visibilityWords } from '@/ui/parts';
import { Nowhere } from '../frame';
import { NameFields, ValueField, type FormState } from '../values_form';
import { Account } from './account';
import { seenBy } from './entry';

type Use = 'edit' | 'correct' | 'add' | 'propose';

export function EntryFormScreen({ slug, id, use }: { slug: string; id: string; use: 'edit' | 'correct' }) {
  const { data, error, again } = useAnswer<{ entry: Entry }>(`/entries/${encodeURIComponent(id)}`);
  const { directory, data: all } = useDirectory(slug);
  if (error?.status === 404) return <Nowhere />;
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data || !all) return <Waiting lines={8} />;
  if (!directory) return <Nowhere />;
  const allowed = use === 'edit' ? data.entry.may.edit : data.entry.may.propose;
  return (
    <EntryForm
      key={data.entry.id}
      directory={directory}
      entry={data.entry}
      use={use === 'edit' && allowed ? 'edit' : 'correct'}
    />
  );
}

export function AddScreen({ slug }: { slug: string }) {
  const { directory, data, may, error, again } = useDirectory(slug);
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting lines={8} />;
  if (!directory) return <Nowhere />;
  return <EntryForm directory={directory} entry={null} use={may.manage ? 'add' : 'propose'} />;
}

const titles = {
  edit: 'web.form.edit',
  correct: 'web.form.correct',
  add: 'web.form.add',
  propose: 'web.form.propose',
} as const;

/** Where a name that is missing is said, whatever the route calls it. */
const nameFields: Record<Kind, string[]> = { person: ['given', 'family', 'name'], organisation: ['name'] };

function EntryForm({ directory, entry, use }: { directory: Directory; entry: Entry | null; use: Use }) {
  const { t, say, go } = useApp();
  const draft = useDraft(directory, entry, use);
  const { form, kind, setKind } = draft;
  const fields = useFields(directory);
  useTitle(t(titles[use]), say(entry?.name ?? directory.name));
  const leave = () =>
    entry
      ? go({ screen: 'entry', directory: directory.slug, entry: String(entry.id) })
      : go({ screen: 'view', directory: directory.slug, view: null, query: '' });
  const secretariat = use === 'edit' || use === 'add';
  const shows = (key: string) =>
    (key === 'note' && !secretariat) ||
    nameFields[kind].includes(key) ||
    fields.some((field) => field.key === key);
  return (
    <form
      noValidate
      class="an-form"
      ref={draft.wrong.form}
      onSubmit={(event) => {
        event.preventDefault();
        void draft.send();
      }}
    >
      <Head
        back={{
          place: entry
            ? { screen: 'entry', directory: directory.slug, entry: String(entry.id) }
            : { screen: 'view', directory: directory.slug, view: null, query: '' },
          label: <Say value={entry?.name ?? directory.name} />,
        }}
        title={t(titles[use])}
      />
      {!secretariat && <Notice>{t('web.form.propose_why')}</Notice>}
      {draft.conflict.length > 0 && (
        <Notice kind="warning" role="alert">
          {t('web.form.conflict', {
            fields: draft.conflict.map((key) => labelOf(fields, key, say)).join(', '),
          })}
        </Notice>
      )}
      <Card>
        {!entry && (
          <Radios
            label={t('web.form.kind')}
            value={kind}
            onChoice={(value) => setKind(value)}
            choices={[
              { value: 'person', label: t('web.kind.person') },
              { value: 'organisation', label: t('web.kind.organisation') },
            ]}
          />
        )}
        <NameFields kind={kind} form={form} />
        {fields.map((field) => (
          <ValueField
            key={field.key}
            field={field}
            form={form}
            seenBy={
              secretariat ? (
                <SeenPick field={field} draft={draft} entry={entry} />
              ) : (
                <Seen by={entry ? seenBy(entry, field) : field.visibility} />
              )
            }
          />
        ))}
      </Card>
      {secretariat && <EntrySettings draft={draft} entry={entry} kind={kind} />}
      {!secretariat && (
        <Text
          label={t('web.form.note')}
          hint={t('web.form.note_hint')}
          long
          value={draft.note}
          onText={draft.setNote}
          error={draft.wrong.at['note']}
        />
      )}
      <Refused error={draft.deed.error} shows={shows} />
      <div class="an-form-foot">
        <Button type="submit" kind="primary" busy={draft.deed.busy}>
          {t(secretariat ? 'web.save' : 'web.form.send')}
        </Button>
        <Button kind="quiet" onClick={leave}>
          {t('web.cancel')}
        </Button>
        {draft.nothing && (
          <p class="an-hint" role="status">
            {t('web.form.nothing')}
          </p>
        )}
      </div>
    </form>
  );
}

const labelOf = (fields: Field[], key: string, say: (value: Field['label']) => string) => {
  const field = fields.find((one) => one.key === key);
  return field ? say(field.label) : key;
};

/** What the form holds, what it started from, and how it is sent. */
function useDraft(directory: Directory, entry: Entry | null, use: Use) {
  const app = useApp();
  const deed = useDeed();
  const [base, setBase] = useState<{ values: Values; version: number }>(() => ({
    values: startOf(entry),
    version: entry?.version ?? 0,
  }));
  const [values, setValues] = useState<Values>(() => startOf(entry));
  const [kind, setKind] = useState<Kind>(entry?.kind ?? directory.about);
  const [names, setNames] = useState<Record<string, string>>(() => namesOf(entry, app.say));
  const wrong = useWrong(deed.error);
  const [visibility, setVisibility] = useState<Visibility>(entry?.visibility ?? 'members');
  const [fieldVisibility, setFieldVisibility] = useState<Record<string, Visibility>>(
    entry?.field_visibility ?? {},
  );
  const [account, setAccount] = useState(entry?.account ?? null);
  const [note, setNote] = useState('');
  const [conflict, setConflict] = useState<string[]>([]);
  const [nothing, setNothing] = useState(false);
  const form: FormState = useMemo(
    () => ({
      values,
      errors: wrong.at,
      names,
      set: (key, value) => {
        setNothing(false);
        setValues((before) => ({ ...before, [key]: value }));
      },
      learn: (code, name) => setNames((before) => ({ ...before, [code]: name })),
    }),
    [values, wrong.at, names],
  );

  const changedValues = (): Values => {
    const fields = new Map(directory.fields.map((field) => [field.key, field]));
    const keys = changedKeys(base.values, values).filter((key) =>
      kind === 'person' ? key !== 'name' : key !== 'given' && key !== 'family',
    );
    return Object.fromEntries(
      keys.map((key) => [
        key,
        forRoute(fields.get(key) ?? { key, type: 'text', bilingual: false }, values[key]),
      ]),
    );
  };

  const body = (): object | null => {
    const sent = changedValues();
    if (use === 'correct' || use === 'propose')
      return Object.keys(sent).length ? { values: sent, note: note.trim() || undefined } : null;
    const rest = {
      ...(visibility !== entry?.visibility && { visibility }),
      ...(!same(fieldVisibility, entry?.field_visibility ?? {}) && { field_visibility: fieldVisibility }),
      ...(account?.id !== entry?.account?.id && { account: account?.id ?? null }),
    };
    if (use === 'add') return { kind, values: sent, visibility, ...(account && { account: account.id }) };
    return Object.keys(sent).length || Object.keys(rest).length
      ? { version: base.version, values: sent, ...rest }
      : null;
  };

  const post = async (sent: object) => {
    const { host, go, t, changed } = app;
    const slug = directory.slug;
    if (use === 'correct' || use === 'propose') {
      const path = entry
        ? `/entries/${entry.id}/changes`
        : `/directories/${encodeURIComponent(slug)}/changes`;
      const { json } = await host.api<{ change: Change }>('POST', path, sent);
      changed();
      const takeBack = () => void host.api('DELETE', `/changes/${json.change.id}`).then(changed);
      host.toast(t('web.form.sent'), { action: { label: t('web.undo'), run: takeBack } });
      return go(entry ? { screen: 'entry', directory: slug, entry: String(entry.id) } : { screen: 'mine' });
    }
    const { json } = await host.api<{ entry: Entry }>(
      entry ? 'PUT' : 'POST',
      entry ? `/entries/${entry.id}` : `/directories/${encodeURIComponent(slug)}/entries`,
      sent,
    );
    changed();
    const undo = () => void undoEdit(app, entry, json.entry, sent);
    host.toast(t('web.form.saved', { name: app.say(json.entry.name) }), {
      action: { label: t('web.undo'), run: undo },
    });
    go({ screen: 'entry', directory: slug, entry: String(json.entry.id) });
  };

  /** Somebody else was faster: what they did becomes the ground, what was typed here stays on top of it. */
  const rebase = (current: Entry) => {
    const theirs = startOf(current);
    setConflict(changedKeys(base.values, theirs));
    const mine = changedKeys(base.values, values);
    setValues({ ...theirs, ...Object.fromEntries(mine.map((key) => [key, values[key]])) });
    setBase({ values: theirs, version: current.version });
  };

  const send = async () => {
    const sent = body();
    if (!sent) return setNothing(true);
    await deed.run(async () => {
      try {
        await post(sent);
      } catch (error) {
        const failure = error as { status?: number; code?: string };
        if (entry && (failure.code === 'version_conflict' || failure.status === 409)) {
          const { json } = await app.host.api<{ entry: Entry }>('GET', `/entries/${entry.id}`);
          return rebase(json.entry);
        }
        throw error;
      }
    });
  };

  return {
    form,
    kind,
    setKind,
    visibility,
    setVisibility,
    fieldVisibility,
    setFieldVisibility,
    account,
    setAccount,
    note,
    setNote,
    conflict,
    nothing,
    deed,
    wrong,
    send,
  };
}
type Draft = ReturnType<typeof useDraft>;

/** Back to what was: the old values of what was changed; a new entry is put away. */
async function undoEdit(app: ReturnType<typeof useApp>, before: Entry | null, after: Entry, sent: object) {
  const { host, changed } = app;
  if (!before) await host.api('DELETE', `/entries/${after.id}`);
  else {
    const keys = Object.keys((sent as { values?: Values }).values ?? {});
    const start = startOf(before);
    const values = Object.fromEntries(keys.map((key) => [key, start[key] ?? null]));
    await host.api('PUT', `/entries/${after.id}`, {
      version: after.version,
      values,
      visibility: before.visibility,
      field_visibility: before.field_visibility,
    });
  }
  changed();
}

function startOf(entry: Entry | null): Values {
  if (!entry) return {};
  return { name: entry.name, ...entry.values };
}

function namesOf(
  entry: Entry | null,
  say: (value: { fr: string; de: string }) => string,
): Record<string, string> {
  if (!entry) return {};
  const names = Object.fromEntries(entry.territory.map((one) => [one.code, say(one.name)]));
  if (entry.organisation) names[`entry:${entry.organisation.id}`] = say(entry.organisation.name);
  return names;
}

/** Narrower or wider for this entry than the directory says. */
function SeenPick({ field, draft, entry }: { field: Field; draft: Draft; entry: Entry | null }) {
  const { t, say } = useApp();
  const value = draft.fieldVisibility[field.key] ?? field.visibility;
  if (!entry) return <Seen by={field.visibility} />;
  return (
    <select
      class="cl-select an-seen-pick"
      aria-label={t('web.visibility.of', { field: say(field.label) })}
      value={value}
      onChange={(event) => {
        const chosen = event.currentTarget.value as Visibility;
        const rest = Object.fromEntries(
          Object.entries(draft.fieldVisibility).filter(([key]) => key !== field.key),
        );
        draft.setFieldVisibility(chosen === field.visibility ? rest : { ...rest, [field.key]: chosen });
      }}
    >
      {visibilities.map((one) => (
        <option key={one} value={one}>
          {t(visibilityWords[one])}
        </option>
      ))}
    </select>
  );
}

function EntrySettings({ draft, entry, kind }: { draft: Draft; entry: Entry | null; kind: Kind }) {
  const { t } = useApp();
  return (
    <Card title={t('web.form.settings')}>
      <Select
        label={t('web.form.visibility')}
        hint={t('web.form.visibility_hint')}
        value={draft.visibility}
        choices={visibilities.map((one) => ({ value: one, label: t(visibilityWords[one]) }))}
        onChoice={(value) => draft.setVisibility(value as Visibility)}
      />
      {kind === 'person' && draft.visibility === 'public' && entry?.consent?.given !== true && (
        <Notice kind="warning">{t('web.form.consent_first')}</Notice>
      )}
      <Account account={draft.account} onAccount={draft.setAccount} />
      {entry && (
        <p>
          <To place={{ screen: 'correct', directory: entry.directory, entry: String(entry.id) }}>
            {t('web.form.as_proposal')}
          </To>
        </p>
      )}
    </Card>
  );
}
