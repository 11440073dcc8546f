// A directory's name, who sees it, how often its entries are checked, and its fields.
import { useState } from 'preact/hooks';
import { useApp, useDeed, useTitle } from '@/app/context';
import type { Directory, Field, FieldType, Visibility } from '@/app/model';
import { fieldTypes, visibilities } from '@/app/model';
import type { MessageKey } from '@/host';
import { same } from '@/pure/diff';
import { keyFrom, moveTo } from '@/pure/fields';
import { Checkbox, Labelled, Select } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Notice, Tag, visibilityWords } from '@/ui/parts';
import { Frame, Nowhere } from '../frame';
import { BothFields } from '../values_form';

export function SettingsScreen({ slug }: { slug: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.settings'));
  return (
    <Frame slug={slug} desk="settings" title={t('web.desk.settings')}>
      {({ directory, may }) =>
        may.manage ? <Settings key={directory.id} directory={directory} /> : <Nowhere />
      }
    </Frame>
  );
}

/** The errors of a field's own settings are called "fields.<key>.<what>". */
const isShown = (field: string) =>
  ['name', 'description', 'review_months', 'fields'].includes(field) || /^fields\.\w+\.\w+$/.test(field);
const errorsOf = (errors: Record<string, string>, key: string) =>
  Object.fromEntries(
    Object.entries(errors)
      .filter(([field]) => field.startsWith(`fields.${key}.`))
      .map(([field, message]) => [field.slice(`fields.${key}.`.length), message]),
  );

function Settings({ directory }: { directory: Directory }) {
  const { t, host, go, changed, say } = useApp();
  const deed = useDeed();
  const [draft, setDraft] = useState(directory);
  const wrong = useWrong(deed.error);
  const set = (change: Partial<Directory>) => setDraft((before) => ({ ...before, ...change }));
  const dirty = !same(draft, { ...directory, version: draft.version, entries: draft.entries });
  const save = (event: Event) => {
    event.preventDefault();
    void deed.run(async () => {
      const { name, description, visibility, review_months, fields, version } = draft;
      const { json } = await host.api<{ directory: Directory }>(
        'PUT',
        `/directories/${encodeURIComponent(directory.slug)}`,
        { name, description, visibility, public: draft.public, review_months, fields, version },
      );
      setDraft(json.directory);
      changed();
      host.toast(t('web.settings.saved'), {
        action: { label: t('web.undo'), run: () => void back(json.directory.version) },
      });
    });
  };
  const back = async (version: number) => {
    const { name, description, visibility, review_months, fields } = directory;
    const { json } = await host.api<{ directory: Directory }>(
      'PUT',
      `/directories/${encodeURIComponent(directory.slug)}`,
      { name, description, visibility, public: directory.public, review_months, fields, version },
    );
    setDraft(json.directory);
    changed();
  };
  const remove = async () => {
    const sure = await host.confirm({
      title: t('web.settings.remove_sure', { name: say(directory.name) }),
      body: t('web.settings.remove_what'),
      action: t('web.settings.remove'),
      danger: true,
    });
    if (!sure) return;
    await deed.run(async () => {
      await host.api('DELETE', `/directories/${encodeURIComponent(directory.slug)}`);
      changed();
      go({ screen: 'directories' });
    });
  };
  return (
    <form noValidate class="an-form" ref={wrong.form} onSubmit={save}>
      <General draft={draft} set={set} errors={wrong.at} />
      <Fields fields={draft.fields} onFields={(fields) => set({ fields })} errors={wrong.at} />
      <Refused error={deed.error} shows={isShown} />
      <div class="an-form-foot">
        <Button type="submit" kind="primary" busy={deed.busy} disabled={!dirty}>
          {t('web.save')}
        </Button>
        {dirty && (
          <Button kind="quiet" onClick={() => setDraft(directory)}>
            {t('web.settings.discard')}
          </Button>
        )}
        <Button
          kind="danger"
          icon="remove"
          disabled={directory.entries > 0}
          describedBy="settings-remove"
          onClick={() => void remove()}
        >
          {t('web.settings.remove')}
        </Button>
      </div>
      {directory.entries > 0 && (
        <p class="an-hint" id="settings-remove">
          {t('web.settings.remove_not', { count: directory.entries })}
        </p>
      )}
    </form>
  );
}

function General({
  draft,
  set,
  errors,
}: {
  draft: Directory;
  set(change: Partial<Directory>): void;
  errors: Record<string, string>;
}) {
  const { t } = useApp();
  return (
    <Card title={t('web.settings.general')}>
      <BothFields
        label={t('web.settings.name')}
        value={draft.name}
        onValue={(name) => set({ name })}
        error={errors['name']}
        required={t('web.required')}
      />
      <BothFields
        label={t('web.settings.description')}
        long
        value={draft.description}
        onValue={(description) => set({ description })}
        error={errors['description']}
      />
      <Checkbox
        checked={draft.public}
        hint={t('web.settings.public_hint')}
        onCheck={(on) => set({ public: on, visibility: on ? 'public' : 'members' })}
      >
        {t('web.settings.public')}
      </Checkbox>
      <Select
        label={t('web.settings.review')}
        hint={t('web.settings.review_hint')}
        value={String(draft.review_months)}
        choices={[0, 3, 6, 12, 18, 24].map((months) => ({
          value: String(months),
          label:
            months === 0
              ? t('web.settings.review_never')
              : t('web.settings.review_months', { count: months }),
        }))}
        onChoice={(value) => set({ review_months: Number(value) })}
        error={errors['review_months']}
      />
    </Card>
  );
}

function Fields({
  fields,
  onFields,
  errors,
}: {
  fields: Field[];
  onFields(fields: Field[]): void;
  errors: Record<string, string>;
}) {
  const { t, say } = useApp();
  const [open, setOpen] = useState<string | null>(null);
  const live = fields.filter((field) => !field.archived);
  const archived = fields.filter((field) => field.archived);
  const set = (key: string, change: Partial<Field>) =>
    onFields(fields.map((field) => (field.key === key ? { ...field, ...change } : field)));
  const move = (key: string, by: -1 | 1) =>
    onFields([
      ...moveTo(
        live,
        live.findIndex((field) => field.key === key),
        by,
      ),
      ...archived,
    ]);
  const add = () => {
    const field = newField(fields);
    onFields([...live, field, ...archived]);
    setOpen(field.key);
  };
  return (
    <Card title={t('web.settings.fields')}>
      <p class="an-hint">{t('web.settings.fields_why')}</p>
      <ol class="an-fields">
        {live.map((field, at) => {
          const wrong = errorsOf(errors, field.key);
          const unfolded = open === field.key || Object.keys(wrong).length > 0;
          return (
            <li key={field.key}>
              <div class="an-field-head">
                <button
                  type="button"
                  class="an-field-name"
                  aria-expanded={unfolded}
                  onClick={() => setOpen(open === field.key ? null : field.key)}
                >
                  {say(field.label) || field.key}
                </button>
                <Tag>{t(`web.type.${field.type}` as MessageKey)}</Tag>
                <Tag>{t(visibilityWords[field.visibility])}</Tag>
                <span class="an-row">
                  <Button
                    small
                    kind="quiet"
                    icon="up"
                    label={t('web.settings.up', { name: say(field.label) })}
                    disabled={at === 0}
                    onClick={() => move(field.key, -1)}
                  />
                  <Button
                    small
                    kind="quiet"
                    icon="down"
                    label={t('web.settings.down', { name: say(field.label) })}
                    disabled={at === live.length - 1}
                    onClick={() => move(field.key, 1)}
                  />
                  <Button
                    small
                    kind="quiet"
                    icon="unseen"
                    label={t('web.settings.archive', { name: say(field.label) })}
                    onClick={() => set(field.key, { archived: true })}
                  />
                </span>
              </div>
              {unfolded && <OneField field={field} set={(change) => set(field.key, change)} errors={wrong} />}
            </li>
          );
        })}
      </ol>
      {errors['fields'] && <p class="an-error">{errors['fields']}</p>}
      <Button small icon="plus" onClick={add}>
        {t('web.settings.add_field')}
      </Button>
      {archived.length > 0 && (
        <details class="an-explained">
          <summary>{t('web.settings.archived', { count: archived.length })}</summary>
          <ul class="an-lines">
            {archived.map((field) => (
              <li key={field.key}>
                <span class="an-grow">{say(field.label) || field.key}</span>
                <Button small onClick={() => set(field.key, { archived: false })}>
                  {t('web.settings.restore')}
                </Button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Card>
  );
}

function newField(fields: Field[]): Field {
  return {
    key: keyFrom(
      '',
      fields.map((field) => field.key),
    ),
    type: 'text',
    label: { fr: '', de: '' },
    help: { fr: '', de: '' },
    required: false,
    bilingual: false,
    visibility: 'members',
    in_list: false,
    archived: false,
    options: [],
  };
}

const bilingualTypes: FieldType[] = ['text', 'long'];
const withOptions: FieldType[] = ['choice', 'choices'];

function OneField({
  field,
  set,
  errors,
}: {
  field: Field;
  set(change: Partial<Field>): void;
  errors: Record<string, string>;
}) {
  const { t } = useApp();
  return (
    <div class="an-inset an-form">
      <BothFields
        label={t('web.settings.label')}
        value={field.label}
        onValue={(label) => set({ label })}
        error={errors['label'] ?? errors['key']}
        required={t('web.required')}
      />
      <BothFields
        label={t('web.settings.help')}
        value={field.help}
        onValue={(help) => set({ help })}
        error={errors['help']}
      />
      <div class="an-two">
        <Select
          label={t('web.settings.type')}
          value={field.type}
          choices={fieldTypes.map((type) => ({ value: type, label: t(`web.type.${type}` as MessageKey) }))}
          error={errors['type']}
          onChoice={(type) =>
            set({
              type: type as FieldType,
              bilingual: bilingualTypes.includes(type as FieldType) && field.bilingual,
            })
          }
        />
        <Select
          label={t('web.settings.visibility')}
          value={field.visibility}
          choices={visibilities.map((one) => ({ value: one, label: t(visibilityWords[one]) }))}
          hint={t(`web.visibility.${field.visibility}_why`)}
          error={errors['visibility']}
          onChoice={(visibility) => set({ visibility: visibility as Visibility })}
        />
      </div>
      <Checkbox checked={field.required} onCheck={(required) => set({ required })}>
        {t('web.settings.required')}
      </Checkbox>
      {bilingualTypes.includes(field.type) && (
        <Checkbox checked={field.bilingual} onCheck={(bilingual) => set({ bilingual })}>
          {t('web.settings.bilingual')}
        </Checkbox>
      )}
      <Checkbox checked={field.in_list} onCheck={(in_list) => set({ in_list })}>
        {t('web.settings.in_list')}
      </Checkbox>
      {withOptions.includes(field.type) && <Options field={field} set={set} error={errors['options']} />}
    </div>
  );
}

/** One choice a line, "French | German": quicker to write, paste and reorder than a field for each. */
function Options({
  field,
  set,
  error,
}: {
  field: Field;
  set(change: Partial<Field>): void;
  error: string | undefined;
}) {
  const { t } = useApp();
  const [text, setText] = useState(() =>
    field.options.map(({ label }) => [label.fr, label.de].filter(Boolean).join(' | ')).join('\n'),
  );
  const read = (value: string) => {
    setText(value);
    const lines = value.split('\n').filter((line) => line.trim());
    const keys: string[] = [];
    const options = lines.map((line, at) => {
      const [fr = '', de = ''] = line.split('|').map((part) => part.trim());
      const known = field.options.find(({ label }) => label.fr === fr) ?? field.options[at];
      const key = known && !keys.includes(known.key) ? known.key : keyFrom(fr, keys);
      keys.push(key);
      return { key, label: { fr, de } };
    });
    set({ options });
  };
  return (
    <>
      <Labelled label={t('web.settings.options')} hint={t('web.settings.options_hint')} error={error}>
        {({ id, describedBy, invalid }) => (
          <textarea
            id={id}
            class="cl-input"
            rows={5}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            value={text}
            onInput={(event) => read(event.currentTarget.value)}
          />
        )}
      </Labelled>
      {field.options.length === 0 && <Notice kind="warning">{t('web.settings.options_none')}</Notice>}
    </>
  );
}
