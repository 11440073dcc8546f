// All directories, and a search over all of them.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useStill, useTitle } from '@/app/context';
import { useDirectories } from '@/app/directories';
import type { Directory, Mine, Row } from '@/app/model';
import { Button, Card, Countries, Empty, Failure, Head, Notice, Say, Seen, To, Waiting } from '@/ui/parts';
import { SearchBox } from '@/ui/search_box';

export function DirectoriesScreen() {
  const { t } = useApp();
  const { data, error, again } = useDirectories();
  const [words, setWords] = useState('');
  const mine = useAnswer<Mine>('/me');
  useTitle(t('web.directories'));
  const directories = [...(data?.directories ?? [])].sort((a, b) => a.position - b.position);
  return (
    <>
      <Head
        title={t('web.directories')}
        actions={
          <>
            {(mine.data?.entries.length ?? 0) > 0 && (
              <To place={{ screen: 'mine' }} button="plain" icon="person">
                {t('web.mine')}
              </To>
            )}
            {data?.may.create && directories.length > 0 && (
              <To place={{ screen: 'create' }} button="primary" icon="plus">
                {t('web.directory.create')}
              </To>
            )}
          </>
        }
      >
        <p class="an-lede">{t('web.directories_lede')}</p>
      </Head>
      {error && !data && <Failure error={error} again={again} />}
      {!data && !error && <Waiting />}
      {data && directories.length === 0 && <NoDirectories may={data.may.create} />}
      {directories.length > 0 && (
        <>
          <div class="an-search-all">
            <SearchBox label={t('web.search_all')} value={words} onText={setWords} />
          </div>
          {words.trim() ? (
            <Hits words={words} directories={directories} />
          ) : (
            <Cards directories={directories} />
          )}
        </>
      )}
    </>
  );
}

function Cards({ directories }: { directories: Directory[] }) {
  const { t } = useApp();
  return (
    <ul class="an-cards">
      {directories.map((directory) => (
        <li key={directory.id} class="cl-card an-directory">
          <h2>
            <To place={{ screen: 'view', directory: directory.slug, view: null, query: '' }}>
              <Say value={directory.name} />
            </To>
          </h2>
          <p>
            <Say value={directory.description} />
          </p>
          <p class="an-meta">
            <span>{t('web.count.entries', { count: directory.entries })}</span>
            <Seen by={directory.public ? 'public' : 'members'} />
          </p>
        </li>
      ))}
    </ul>
  );
}

function Hits({ words, directories }: { words: string; directories: Directory[] }) {
  const { t, say } = useApp();
  const still = useStill(words.trim(), 180);
  const { data, error, again } = useAnswer<{ hits: Row[]; corrected: string | null }>(
    `/search?q=${encodeURIComponent(still)}&limit=20`,
  );
  if (error) return <Failure error={error} again={again} />;
  if (!data) return <Waiting lines={4} />;
  if (!data.hits.length)
    return <Empty title={t('web.list.none', { words: still })}>{t('web.list.none_why')}</Empty>;
  return (
    <Card title={t('web.count.found', { count: data.hits.length })}>
      {data.corrected && <p class="an-hint">{t('web.list.corrected', { words: data.corrected })}</p>}
      <ul class="cl-list an-lines">
        {data.hits.map((row) => (
          <li key={row.id}>
            <To place={{ screen: 'entry', directory: row.directory, entry: String(row.id) }}>
              <Say value={row.name} />
            </To>
            <span class="an-meta">
              <Say value={row.subtitle} />
              {', '}
              {say(directories.find((one) => one.slug === row.directory)?.name)}
            </span>
            <Countries codes={row.country} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function NoDirectories({ may }: { may: boolean }) {
  const { t, host, changed } = useApp();
  const deed = useDeed();
  if (!may) return <Empty title={t('web.directories_none')}>{t('web.directories_none_member')}</Empty>;
  const load = () =>
    deed.run(async () => {
      await host.api('POST', '/demo', {});
      changed();
    });
  return (
    <>
      {deed.error && <Failure error={deed.error} />}
      <Empty
        title={t('web.directories_none')}
        action={
          <div class="an-row center">
            <To place={{ screen: 'create' }} button="primary" icon="plus">
              {t('web.directory.create')}
            </To>
            <Button busy={deed.busy} onClick={load}>
              {t('web.directories_sample')}
            </Button>
          </div>
        }
      >
        {t('web.directories_none_secretariat')}
      </Empty>
      {deed.busy && <Notice role="status">{t('web.directories_sample_loading')}</Notice>}
    </>
  );
}
