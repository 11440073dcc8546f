// One entry: everything the reader may see of it, who sees what, and what the reader may do.
import { useEffect } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Directory, Entry, Field, Visibility } from '@/app/model';
import { useDirectory, useFields } from '@/app/directories';
import { Button, Card, Countries, Failure, Head, Notice, Say, Seen, Tag, To, Waiting } from '@/ui/parts';
import { ValueLine } from '@/ui/value';
import { same } from '@/pure/diff';
import { Check } from '../check';
import { Nowhere } from '../frame';
import { Under } from '../view/listing';
import { ConsentCard } from './consent';
import { CounterpartsCard } from './counterparts_card';
import { HistoryCard } from './history_card';
import { LinksCard } from './links_card';

export function EntryScreen({ slug, id }: { slug: string; id: string }) {
  const { data, error, again } = useAnswer<{ entry: Entry }>(`/entries/${encodeURIComponent(id)}`);
  const { directory, may, data: all } = useDirectory(slug);
  if (error?.status === 404) return <Nowhere />;
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data || !all) return <Waiting lines={8} />;
  return <Whole entry={data.entry} directory={directory} manage={may.manage} />;
}

function Whole({ entry, directory, manage }: { entry: Entry; directory: Directory | null; manage: boolean }) {
  const { t, say, host, go } = useApp();
  const name = say(entry.name);
  useTitle(name, say(directory?.name));
  useEffect(() => {
    if (entry.merged_into !== null)
      go(
        { screen: 'entry', directory: entry.directory, entry: String(entry.merged_into) },
        { replace: true },
      );
  }, [entry, go]);
  const at = { directory: entry.directory, entry: String(entry.id) };
  return (
    <article>
      <Head
        back={{
          place: { screen: 'view', directory: entry.directory, view: null, query: '' },
          label: <Say value={directory?.name ?? entry.directory} />,
        }}
        title={<Say value={entry.name} />}
        actions={
          <>
            {entry.may.edit && (
              <To place={{ screen: 'edit', ...at }} button="primary" icon="edit">
                {t('web.entry.edit')}
              </To>
            )}
            {!entry.may.edit && entry.may.propose && (
              <To place={{ screen: 'correct', ...at }} button="plain" icon="edit">
                {t('web.entry.correct')}
              </To>
            )}
            <a class="cl-button" href={host.url(`/entries/${entry.id}/card.vcf`)} download="">
              {t('web.entry.card')}
            </a>
            {manage && <Archive entry={entry} />}
          </>
        }
      >
        <p class="an-under">
          <Under row={entry} /> <Countries codes={entry.country} />
          {entry.state !== 'published' && <Tag kind="wait">{t(`web.state.${entry.state}`)}</Tag>}
        </p>
      </Head>
      <Warnings entry={entry} />
      <div class="an-columns">
        <div class="an-stack">
          <FieldsCard entry={entry} directory={directory} />
          <LinksCard entry={entry} manage={manage} />
        </div>
        <div class="an-stack">
          <CheckedCard entry={entry} />
          <CounterpartsCard entry={entry} manage={manage} />
          {entry.may.consent && <ConsentCard entry={entry} />}
        </div>
      </div>
      {entry.may.history && <HistoryCard entry={entry} />}
    </article>
  );
}

function Warnings({ entry }: { entry: Entry }) {
  const { t } = useApp();
  return (
    <>
      {entry.mail === 'bounced' && <Notice kind="warning">{t('web.entry.bounced')}</Notice>}
      {entry.state === 'archived' && <Notice kind="warning">{t('web.entry.archived')}</Notice>}
      {entry.state === 'draft' && <Notice>{t('web.entry.draft')}</Notice>}
    </>
  );
}

/** Put away and brought back: both are one press, so neither asks first. */
function Archive({ entry }: { entry: Entry }) {
  const { t, host, say, changed } = useApp();
  const deed = useDeed();
  const name = say(entry.name);
  const restore = () =>
    deed.run(async () => {
      const { json } = await host.api<{ entry: Entry }>('GET', `/entries/${entry.id}`);
      await host.api('PUT', `/entries/${entry.id}`, { version: json.entry.version, state: 'published' });
      changed();
    });
  const archive = () =>
    deed.run(async () => {
      await host.api('DELETE', `/entries/${entry.id}`);
      changed();
      host.toast(t('web.entry.put_away', { name }), {
        action: { label: t('web.undo'), run: () => void restore() },
      });
    });
  if (entry.state === 'published') {
    return (
      <Button kind="quiet" icon="remove" busy={deed.busy} onClick={archive}>
        {t('web.entry.put_away_do')}
      </Button>
    );
  }
  return (
    <Button busy={deed.busy} onClick={restore}>
      {t(entry.state === 'draft' ? 'web.entry.publish' : 'web.entry.bring_back')}
    </Button>
  );
}

/** Who sees a field of this entry: what was chosen for it, else what the directory says, never wider than the entry. */
export function seenBy(entry: Entry, field: Pick<Field, 'key' | 'visibility'>): Visibility {
  const order: Visibility[] = ['public', 'members', 'private'];
  const chosen = entry.field_visibility?.[field.key] ?? field.visibility;
  return order[Math.max(order.indexOf(chosen), order.indexOf(entry.visibility))] ?? 'private';
}

function FieldsCard({ entry, directory }: { entry: Entry; directory: Directory | null }) {
  const { t } = useApp();
  const fields = useFields(directory).filter((field) => isGiven(entry.values[field.key]));
  return (
    <Card title={t('web.entry.values')}>
      {fields.length === 0 && <p class="an-hint">{t('web.entry.values_none')}</p>}
      <dl class="an-values">
        {fields.map((field) => (
          <ValueLine key={field.key} field={field} entry={entry}>
            <dd class="an-values-seen">
              <Seen by={seenBy(entry, field)} />
            </dd>
          </ValueLine>
        ))}
      </dl>
      {entry.hidden > 0 && <p class="an-hint">{t('web.entry.hidden', { count: entry.hidden })}</p>}
      <Explained />
    </Card>
  );
}

const isGiven = (value: unknown) => !same(value, null);

/** What the three words beside the values mean. */
function Explained() {
  const { t } = useApp();
  return (
    <details class="an-explained">
      <summary>{t('web.visibility.who')}</summary>
      <dl>
        {(['public', 'members', 'private'] as const).map((one) => (
          <div key={one}>
            <dt>
              <Seen by={one} />
            </dt>
            <dd>{t(`web.visibility.${one}_why`)}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

function CheckedCard({ entry }: { entry: Entry }) {
  const { t } = useApp();
  return (
    <Card title={t('web.checked.title')}>
      <Check entry={entry} />
    </Card>
  );
}
