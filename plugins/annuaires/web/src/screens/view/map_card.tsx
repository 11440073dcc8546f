// What was chosen on the map, over it: the card of an entry, or the entries of a territory to choose from.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { useAnswer, useApp, useUid, type Answered } from '@/app/context';
import type { Directory, Entry, Field, Page, Row } from '@/app/model';
import { useFields } from '@/app/directories';
import { same } from '@/pure/diff';
import { cardOfPlace } from '@/pure/filters';
import type { Place } from '@/pure/places';
import { Button, Countries, Failure, Say, To, Waiting } from '@/ui/parts';
import { Value, ValueLine } from '@/ui/value';
import { entryOf } from '../entry/counterparts_card';
import { Under, entryPlace } from './listing';

interface Props {
  directory: Directory;
  /** An entry's id, or `cardOfPlace`. */
  card: string;
  /** The list beside the map: with a territory chosen, it holds what is there. */
  list: Answered<Page>;
  side: 'left' | 'right';
  /** A territory is chosen: the list holds what is there. */
  placed: boolean;
  /** It was open from the start: it takes no focus. */
  quiet: boolean;
  cardPlace(card: string): Place;
  onClose(): void;
}

export function MapCard({ directory, card, list, side, placed, quiet, cardPlace, onClose }: Props) {
  const alone = list.data?.total === 1 ? list.data.entries[0] : undefined;
  const id = card === cardOfPlace ? (!list.waiting && alone ? String(alone.id) : '') : card;
  const seat = useSeat(card, quiet);
  const wider = placed && card !== cardOfPlace && (list.data?.total ?? 0) > 1;
  return (
    <div class={`an-card-seat ${side}`} ref={seat} tabIndex={-1}>
      {id ? (
        <EntryCard
          id={id}
          directory={directory}
          back={wider ? cardPlace(cardOfPlace) : null}
          onClose={onClose}
        />
      ) : (
        <PlaceCard list={list} cardPlace={cardPlace} onClose={onClose} />
      )}
    </div>
  );
}

/** What is opened takes the focus and is brought into view. */
function useSeat(card: string, quiet: boolean) {
  const seat = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (quiet) return;
    seat.current?.focus({ preventScroll: true });
    seat.current?.scrollIntoView?.({ block: 'nearest' });
  }, [card, quiet]);
  return seat;
}

function Panel({
  over,
  title,
  children,
  onClose,
}: {
  over?: ComponentChildren;
  title: ComponentChildren;
  children: ComponentChildren;
  onClose(): void;
}) {
  const { t } = useApp();
  const id = useUid();
  return (
    <article class="an-fiche" aria-labelledby={id}>
      <header>
        <div class="an-grow">
          {over && <p class="an-under">{over}</p>}
          <h2 id={id}>{title}</h2>
        </div>
        <Button kind="quiet" small icon="close" label={t('web.map.card_close')} onClick={onClose} />
      </header>
      {children}
    </article>
  );
}

const shownHere = 8;

function PlaceCard({ list, cardPlace, onClose }: Pick<Props, 'list' | 'cardPlace' | 'onClose'>) {
  const { t } = useApp();
  const { data, error, again, waiting } = list;
  const rows = data?.entries.slice(0, shownHere) ?? [];
  const more = (data?.total ?? 0) - rows.length;
  if (!data || waiting)
    return (
      <Panel title={t('web.loading')} onClose={onClose}>
        {error ? <Failure error={error} again={again} /> : <Waiting lines={3} />}
      </Panel>
    );
  return (
    <Panel title={t('web.map.here', { count: data.total })} onClose={onClose}>
      <ul class="an-fiche-rows">
        {rows.map((row) => (
          <li key={row.id}>
            <To place={cardPlace(String(row.id))}>
              <Say value={row.name} />
            </To>
            <span class="an-sub">
              <Under row={row} />
            </span>
          </li>
        ))}
      </ul>
      {more > 0 && <p class="an-hint">{t('web.map.here_more', { count: more })}</p>}
    </Panel>
  );
}

function EntryCard({
  id,
  directory,
  back,
  onClose,
}: {
  id: string;
  directory: Directory;
  back: Place | null;
  onClose(): void;
}) {
  const { t, day } = useApp();
  const { data, error, again } = useAnswer<{ entry: Entry }>(`/entries/${encodeURIComponent(id)}`);
  const entry = data && String(data.entry.id) === id ? data.entry : null;
  if (!entry)
    return (
      <Panel title={t(error ? 'web.map.card_gone' : 'web.loading')} onClose={onClose}>
        {error ? <Failure error={error} again={again} /> : <Waiting lines={3} />}
      </Panel>
    );
  const email = entry.values['email'];
  return (
    <Panel
      onClose={onClose}
      over={
        <>
          <Under row={entry} /> <Countries codes={entry.country} />
        </>
      }
      title={<Say value={entry.name} />}
    >
      <Facts entry={entry} directory={directory} />
      <div class="an-row wrap">
        {typeof email === 'string' && (
          <a class="cl-button primary small" href={`mailto:${email}`}>
            {t('web.map.write')}
          </a>
        )}
        <To place={entryPlace(entry as Row)} button={email ? 'plain' : 'primary'} small>
          {t('web.map.whole')}
        </To>
        {back && (
          <To place={back} button="quiet" small icon="back">
            {t('web.map.card_back')}
          </To>
        )}
      </div>
      <p class="an-meta">
        {entry.checked_at ? t('web.checked.on', { day: day(entry.checked_at) }) : t('web.checked.never')}
      </p>
    </Panel>
  );
}

const isText = (field: Field) => field.type === 'long' && field.key !== 'note';
/** In this order, as far as there are any; the whole entry has the rest. */
const told = ['role', 'address', 'email', 'phone', 'website', 'policies', 'population'];

function Facts({ entry, directory }: { entry: Entry; directory: Directory }) {
  const { t } = useApp();
  const given = useFields(directory).filter((field) => !same(entry.values[field.key], null));
  const text = given.find(isText);
  const facts = told.flatMap((key) => given.find((field) => field.key === key) ?? []);
  const pairs = entry.counterparts.filter((one) => one.state === 'confirmed');
  return (
    <>
      {text && (
        <p class="an-fiche-text">
          <Value field={text} value={entry.values[text.key]} around={entry} />
        </p>
      )}
      <dl>
        {facts.map((field) => (
          <ValueLine key={field.key} field={field} entry={entry} />
        ))}
        {pairs.length > 0 && (
          <div>
            <dt>{t('web.counterparts.title')}</dt>
            {pairs.map((one) => {
              const other = one.a.id === entry.id ? one.b : one.a;
              return (
                <dd key={one.id}>
                  <To place={entryOf(other)}>
                    <Say value={other.name} />
                  </To>
                </dd>
              );
            })}
          </div>
        )}
      </dl>
    </>
  );
}
