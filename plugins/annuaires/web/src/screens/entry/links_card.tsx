// Functions with their dates: of a person at organisations, of an organisation its people and what it is part of.
import { useState } from 'preact/hooks';
import { useApp, useDeed } from '@/app/context';
import { useLater } from '@/app/later';
import type { Entry, Link } from '@/app/model';
import { useVocabulary } from '@/app/vocabulary';
import type { MessageKey } from '@/host';
import { both } from '@/pure/values';
import { Combobox, type Offer } from '@/ui/combobox';
import { Labelled, Select, Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Say, Tag, To } from '@/ui/parts';
import { BothFields, useEntrySearch } from '../values_form';
import { entryOf } from './counterparts_card';

export function LinksCard({ entry, manage }: { entry: Entry; manage: boolean }) {
  const { t } = useApp();
  const { hidden, later } = useLater();
  const [editing, setEditing] = useState<number | 'new' | null>(null);
  const links = entry.links.filter((link) => !hidden.has(String(link.id)));
  const now = links.filter((link) => link.current);
  const past = links.filter((link) => !link.current);
  if (!links.length && !manage) return null;
  const lines = (some: Link[]) => (
    <ul class="an-links">
      {some.map((link) => (
        <li key={link.id}>
          {editing === link.id ? (
            <LinkForm entry={entry} link={link} onDone={() => setEditing(null)} />
          ) : (
            <Line
              entry={entry}
              link={link}
              manage={manage}
              onEdit={() => setEditing(link.id)}
              later={later}
            />
          )}
        </li>
      ))}
    </ul>
  );
  return (
    <Card
      title={t(entry.kind === 'person' ? 'web.links.functions' : 'web.links.people')}
      actions={
        manage &&
        editing !== 'new' && (
          <Button small kind="quiet" icon="plus" onClick={() => setEditing('new')}>
            {t('web.links.add')}
          </Button>
        )
      }
    >
      {editing === 'new' && <LinkForm entry={entry} link={null} onDone={() => setEditing(null)} />}
      {now.length === 0 && editing !== 'new' && <p class="an-hint">{t('web.links.none')}</p>}
      {lines(now)}
      {past.length > 0 && (
        <details class="an-explained">
          <summary>{t('web.links.past', { count: past.length })}</summary>
          {lines(past)}
        </details>
      )}
    </Card>
  );
}

function Line({
  entry,
  link,
  manage,
  onEdit,
  later,
}: {
  entry: Entry;
  link: Link;
  manage: boolean;
  onEdit(): void;
  later: ReturnType<typeof useLater>['later'];
}) {
  const { t, host, say } = useApp();
  const { label } = useVocabulary();
  const other =
    link.organisation.id === entry.id ? (link.person ?? link.part ?? link.organisation) : link.organisation;
  const kind = `web.links.${link.kind}` as MessageKey;
  return (
    <div class="an-link">
      <div class="an-grow">
        <p>
          <To place={entryOf(other)} class="an-title">
            <Say value={other.name} />
          </To>{' '}
          {!link.current && <Tag>{t('web.links.ended')}</Tag>}
        </p>
        <p class="an-sub">
          {link.function && say(link.function) ? <Say value={link.function} /> : t(kind)}
          {link.policy && `, ${label('policies', link.policy)}`}
        </p>
        <Dates link={link} />
      </div>
      {manage && (
        <div class="an-row">
          <Button
            small
            kind="quiet"
            icon="edit"
            label={t('web.links.edit_named', { name: say(other.name) })}
            onClick={onEdit}
          />
          <Button
            small
            kind="quiet"
            icon="remove"
            label={t('web.links.remove_named', { name: say(other.name) })}
            onClick={() =>
              later(String(link.id), t('web.links.removing', { name: say(other.name) }), () =>
                host.api('DELETE', `/links/${link.id}`),
              )
            }
          />
        </div>
      )}
    </div>
  );
}

function Dates({ link }: { link: Link }) {
  const { t, day } = useApp();
  if (!link.from && !link.until) return null;
  const words =
    link.from && link.until
      ? t('web.links.from_until', { from: day(link.from), until: day(link.until) })
      : link.from
        ? t('web.links.since', { day: day(link.from) })
        : t('web.links.until', { day: day(link.until) });
  return <p class="an-meta">{words}</p>;
}

function LinkForm({ entry, link, onDone }: { entry: Entry; link: Link | null; onDone(): void }) {
  const { t, host, changed } = useApp();
  const deed = useDeed();
  const wrong = useWrong(deed.error);
  const person = entry.kind === 'person';
  const [other, setOther] = useState<Offer | null>(null);
  const [kind, setKind] = useState<Link['kind']>(link?.kind ?? (person ? 'function' : 'part_of'));
  const [name, setName] = useState(both(link?.function));
  const [policy, setPolicy] = useState(link?.policy ?? '');
  const [from, setFrom] = useState(link?.from ?? '');
  const [until, setUntil] = useState(link?.until ?? '');
  const { lists } = useVocabulary();
  const { say } = useApp();
  const find = useEntrySearch('organisation');
  const save = (event: Event) => {
    event.preventDefault();
    const body = {
      function: name.fr || name.de ? name : null,
      policy: policy || null,
      from: from || null,
      until: until || null,
    };
    void deed
      .run(async () => {
        if (link) await host.api('PUT', `/links/${link.id}`, body);
        else
          await host.api('POST', `/entries/${entry.id}/links`, {
            kind,
            other: Number(other?.value),
            ...body,
          });
        changed();
      })
      .then((done) => done && onDone());
  };
  return (
    <form noValidate class="an-form an-inset" ref={wrong.form} onSubmit={save}>
      {!link && (
        <Labelled label={t('web.links.other')} error={wrong.at['other'] ?? wrong.at['kind']}>
          {({ id, describedBy, invalid }) => (
            <>
              {other && <p class="an-picked">{other.label}</p>}
              <Combobox
                id={id}
                describedBy={describedBy}
                invalid={invalid}
                placeholder={t('web.organisation.find')}
                find={find}
                onPick={setOther}
              />
            </>
          )}
        </Labelled>
      )}
      {!link && person && (
        <Select
          label={t('web.links.kind')}
          value={kind}
          choices={[
            { value: 'function', label: t('web.links.function') },
            { value: 'member', label: t('web.links.member') },
          ]}
          onChoice={(value) => setKind(value as Link['kind'])}
        />
      )}
      {kind !== 'part_of' && (
        <BothFields
          label={t('web.links.function')}
          value={name}
          onValue={setName}
          error={wrong.at['function']}
        />
      )}
      <Select
        label={t('web.column.policies')}
        value={policy}
        empty={t('web.links.no_policy')}
        choices={lists.policies.map((one) => ({ value: one.key, label: say(one.label) }))}
        onChoice={setPolicy}
      />
      <div class="an-two">
        <Text
          label={t('web.links.from')}
          type="date"
          value={from}
          onText={setFrom}
          error={wrong.at['from']}
        />
        <Text
          label={t('web.links.until_label')}
          type="date"
          hint={t('web.links.until_hint')}
          value={until}
          onText={setUntil}
          error={wrong.at['until']}
        />
      </div>
      <Refused
        error={deed.error}
        shows={(field) => ['function', 'from', 'until', ...(link ? [] : ['other', 'kind'])].includes(field)}
      />
      <div class="an-row">
        <Button type="submit" kind="primary" small busy={deed.busy} disabled={!link && !other}>
          {t('web.save')}
        </Button>
        <Button small kind="quiet" onClick={onDone}>
          {t('web.cancel')}
        </Button>
      </div>
    </form>
  );
}
