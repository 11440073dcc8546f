// The slot "portal": what everybody may read, and the page that a mail "still correct?" leads to.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useStill, useTitle } from '@/app/context';
import { mounted } from '@/app/mount';
import { useVocabulary } from '@/app/vocabulary';
import type { Both, Entry, Page, Row } from '@/app/model';
import { CheckByLink } from '@/screens/check_by_link';
import { fromQuery, toQuery, changed, pageQuery } from '@/pure/filters';
import { SearchBox } from '@/ui/search_box';
import { Countries, Empty, Failure, Head, Say, To, Waiting } from '@/ui/parts';
import { Pick } from '@/ui/fields';
import { Pager } from '@/screens/view/pager';
import { Under } from '@/screens/view/listing';
import { PublicValues } from '@/screens/public_values';

interface PublicDirectory {
  slug: string;
  name: Both;
  description: Both;
  entries: number;
}

function Portal() {
  const { place } = useApp();
  switch (place.screen) {
    case 'check':
      return <CheckByLink token={place.token} />;
    case 'view':
      return <PublicList slug={place.directory} query={place.query} />;
    case 'entry':
      return <PublicEntry slug={place.directory} uid={place.entry} />;
    case 'directories':
      return <PublicDirectories />;
    default:
      return <Nothing />;
  }
}

function Nothing() {
  const { t } = useApp();
  return (
    <Empty
      title={t('web.nowhere.title')}
      action={
        <To place={{ screen: 'directories' }} button="plain">
          {t('web.nowhere.back')}
        </To>
      }
    />
  );
}

function usePublicDirectories() {
  return useAnswer<{ directories: PublicDirectory[] }>('/public/directories');
}

function PublicDirectories() {
  const { t } = useApp();
  const { data, error, again } = usePublicDirectories();
  useTitle(t('web.directories'));
  return (
    <>
      <Head title={t('web.directories')}>
        <p class="an-lede">{t('web.portal.lede')}</p>
      </Head>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Waiting />}
      {data?.directories.length === 0 && (
        <Empty title={t('web.portal.none')}>{t('web.portal.none_why')}</Empty>
      )}
      <ul class="an-cards">
        {data?.directories.map((one) => (
          <li key={one.slug} class="cl-card an-directory">
            <h2>
              <To place={{ screen: 'view', directory: one.slug, view: null, query: '' }}>
                <Say value={one.name} />
              </To>
            </h2>
            <p>
              <Say value={one.description} />
            </p>
            <p class="an-meta">{t('web.count.entries', { count: one.entries })}</p>
          </li>
        ))}
      </ul>
    </>
  );
}

function PublicList({ slug, query }: { slug: string; query: string }) {
  const { t, say, go } = useApp();
  const { data: all } = usePublicDirectories();
  const directory = all?.directories.find((one) => one.slug === slug);
  const filters = fromQuery(query);
  const [words, setWords] = useState(filters.q);
  const still = useStill(words.trim(), 250);
  const asked = pageQuery(still === filters.q ? filters : changed(filters, { q: still }));
  const { data, error, again } = useAnswer<Page>(`/public/${encodeURIComponent(slug)}/entries?${asked}`);
  const set = (next: typeof filters) =>
    go({ screen: 'view', directory: slug, view: null, query: toQuery({ ...next, q: still }) });
  useTitle(say(directory?.name));
  return (
    <>
      <Head
        title={<Say value={directory?.name ?? slug} />}
        back={{ place: { screen: 'directories' }, label: t('web.directories') }}
      >
        <p class="an-lede">
          <Say value={directory?.description} />
        </p>
      </Head>
      <div class="an-filters">
        <SearchBox
          label={t('web.search')}
          placeholder={t('web.search_placeholder')}
          value={words}
          onText={setWords}
        />
        <div class="an-picks">
          <Pick
            label={t('web.filter.country')}
            empty={t('web.filter.country_any')}
            value={filters.country}
            onChoice={(country) => set(changed(filters, { country }))}
            choices={[
              { value: 'FR', label: t('web.country.fr') },
              { value: 'CH', label: t('web.country.ch') },
            ]}
          />
        </div>
      </div>
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Waiting lines={8} />}
      {data && (
        <>
          <p class="an-total" role="status">
            {t('web.count.entries', { count: data.total })}
          </p>
          {data.entries.length === 0 ? (
            <Empty title={t('web.list.nothing')}>{t('web.list.nothing_why')}</Empty>
          ) : (
            <PublicRows rows={data.entries} slug={slug} />
          )}
          <Pager
            page={filters.page}
            total={data.total}
            next={data.next}
            after={filters.after}
            onPage={(page) => set({ ...filters, page, after: '' })}
            onAfter={(after) => set({ ...filters, after })}
          />
        </>
      )}
    </>
  );
}

function PublicRows({ rows, slug }: { rows: Row[]; slug: string }) {
  const { label } = useVocabulary();
  return (
    <ul class="cl-list an-lines an-sheet">
      {rows.map((row) => (
        <li key={row.uid}>
          <To place={{ screen: 'entry', directory: slug, entry: row.uid }} class="an-title">
            <Say value={row.name} />
          </To>
          <Countries codes={row.country} />
          <span class="an-sub">
            <Under row={row} />
          </span>
          <span class="an-sub">{row.policies.map((key) => label('policies', key)).join(', ')}</span>
        </li>
      ))}
    </ul>
  );
}

function PublicEntry({ slug, uid }: { slug: string; uid: string }) {
  const { t, say, host, language } = useApp();
  const { data, error, again } = useAnswer<{ entry: Entry }>(`/public/entries/${encodeURIComponent(uid)}`);
  useTitle(say(data?.entry.name));
  if (error?.status === 404) return <Nothing />;
  if (error) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  const { entry } = data;
  return (
    <article>
      <Head
        back={{
          place: { screen: 'view', directory: slug, view: null, query: '' },
          label: t('web.portal.back'),
        }}
        title={<Say value={entry.name} />}
        actions={
          <a
            class="cl-button"
            href={host.url(`/public/entries/${encodeURIComponent(uid)}?format=jsonld&lang=${language}`)}
          >
            JSON-LD
          </a>
        }
      >
        <p class="an-under">
          <Under row={entry} /> <Countries codes={entry.country} />
        </p>
      </Head>
      <PublicValues entry={entry} />
    </article>
  );
}

export const mount = mounted(
  () => (
    <div class="cl-page an-screen">
      <Portal />
    </div>
  ),
  { publicly: true, name: 'portal' },
);
