// What stands around every screen of one directory: its name, the way back, and the desks of the secretariat.
import type { ComponentChildren } from 'preact';
import { useApp } from '@/app/context';
import type { Directories, Directory } from '@/app/model';
import { useDirectory } from '@/app/directories';
import type { MessageKey } from '@/host';
import type { Desk, Place } from '@/pure/places';
import { Empty, Failure, Head, Say, To, Waiting } from '@/ui/parts';

export interface Framed {
  directory: Directory;
  may: Directories['may'];
}

export function Frame({
  slug,
  desk,
  title,
  actions,
  children,
}: {
  slug: string;
  desk?: Desk;
  title?: ComponentChildren;
  actions?: (framed: Framed) => ComponentChildren;
  children: (framed: Framed) => ComponentChildren;
}) {
  const { t } = useApp();
  const { data, error, again, directory, may } = useDirectory(slug);
  if (!data && error) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  if (!directory) return <Nowhere />;
  const back: { place: Place; label: ComponentChildren } = title
    ? {
        place: { screen: 'view', directory: slug, view: null, query: '' },
        label: <Say value={directory.name} />,
      }
    : { place: { screen: 'directories' }, label: t('web.directories') };
  return (
    <>
      <Head
        back={back}
        title={title ?? <Say value={directory.name} />}
        actions={actions?.({ directory, may })}
      >
        {!title && directory.description && <Described directory={directory} />}
      </Head>
      <Desks directory={directory} data={data} current={desk} />
      {children({ directory, may })}
    </>
  );
}

function Described({ directory }: { directory: Directory }) {
  const { say } = useApp();
  if (!say(directory.description)) return null;
  return (
    <p class="an-lede">
      <Say value={directory.description} />
    </p>
  );
}

/** The secretariat's ways through a directory; others have the list and the counterparts. */
function Desks({
  directory,
  data,
  current,
}: {
  directory: Directory;
  data: Directories;
  current: Desk | undefined;
}) {
  const { t } = useApp();
  const slug = directory.slug;
  const desk = (name: Desk, label: MessageKey, count = 0) => ({
    place: { screen: 'desk', directory: slug, desk: name, item: '', query: '' } as Place,
    label: t(label),
    count,
    current: current === name,
  });
  const waiting = data.waiting;
  const tabs = [
    {
      place: { screen: 'view', directory: slug, view: null, query: '' } as Place,
      label: t('web.desk.entries'),
      count: 0,
      current: !current,
    },
    desk('counterparts', 'web.desk.counterparts', waiting?.counterparts),
    ...(data.may.manage
      ? [
          desk('reviews', 'web.desk.reviews', waiting?.changes),
          desk('duplicates', 'web.desk.duplicates', waiting?.duplicates),
          desk('checks', 'web.desk.checks'),
          desk('imports', 'web.desk.imports'),
        ]
      : []),
    desk('exports', 'web.desk.exports'),
    ...(data.may.manage ? [desk('settings', 'web.desk.settings')] : []),
  ];
  return (
    <nav class="cl-tabs an-tabs" aria-label={t('web.desk.all')}>
      {tabs.map((tab) => (
        <To key={tab.label} place={tab.place} current={tab.current}>
          {tab.label}
          {tab.count > 0 && (
            <span class="an-count">
              {tab.count}
              <span class="cl-visually-hidden"> {t('web.waiting')}</span>
            </span>
          )}
        </To>
      ))}
    </nav>
  );
}

export function Nowhere() {
  const { t } = useApp();
  return (
    <Empty
      title={t('web.nowhere.title')}
      action={
        <To place={{ screen: 'directories' }} button="plain">
          {t('web.nowhere.back')}
        </To>
      }
    >
      {t('web.nowhere.text')}
    </Empty>
  );
}
