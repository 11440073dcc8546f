// The slot "page": all screens of a signed-in reader.
import { useEffect, useRef } from 'preact/hooks';
import { useApp } from '@/app/context';
import { mounted } from '@/app/mount';
import { toPath } from '@/pure/places';
import { CreateScreen } from '@/screens/create';
import { ChecksScreen } from '@/screens/desk/checks';
import { CounterpartsScreen } from '@/screens/desk/counterparts';
import { DuplicatesScreen } from '@/screens/desk/duplicates';
import { ExportsScreen } from '@/screens/desk/exports';
import { ImportsScreen } from '@/screens/desk/imports';
import { ReviewsScreen } from '@/screens/desk/reviews';
import { SettingsScreen } from '@/screens/desk/settings';
import { DirectoriesScreen } from '@/screens/directories';
import { EntryScreen } from '@/screens/entry/entry';
import { AddScreen, EntryFormScreen } from '@/screens/entry/entry_form';
import { Nowhere } from '@/screens/frame';
import { MineScreen } from '@/screens/mine';
import { ViewScreen } from '@/screens/view/view';

function Screen() {
  const { place } = useApp();
  switch (place.screen) {
    case 'directories':
      return <DirectoriesScreen />;
    case 'mine':
      return <MineScreen />;
    case 'create':
      return <CreateScreen />;
    case 'view':
      return <ViewScreen slug={place.directory} view={place.view} query={place.query} />;
    case 'entry':
      return <EntryScreen slug={place.directory} id={place.entry} />;
    case 'edit':
    case 'correct':
      return <EntryFormScreen slug={place.directory} id={place.entry} use={place.screen} />;
    case 'add':
      return <AddScreen slug={place.directory} />;
    case 'desk':
      return <DeskScreen {...place} />;
    case 'check':
    case 'nowhere':
      return <Nowhere />;
  }
}

function DeskScreen({
  directory,
  desk,
  item,
  query,
}: Extract<ReturnType<typeof useApp>['place'], { screen: 'desk' }>) {
  switch (desk) {
    case 'reviews':
      return <ReviewsScreen slug={directory} item={item} query={query} />;
    case 'counterparts':
      return <CounterpartsScreen slug={directory} query={query} />;
    case 'imports':
      return <ImportsScreen slug={directory} item={item} query={query} />;
    case 'duplicates':
      return <DuplicatesScreen slug={directory} />;
    case 'settings':
      return <SettingsScreen slug={directory} />;
    case 'checks':
      return <ChecksScreen slug={directory} />;
    case 'exports':
      return <ExportsScreen slug={directory} query={query} />;
  }
}

/** Another screen begins at its top, and is told to a screen reader by its heading; a filter changes no screen. */
function Page() {
  const { place } = useApp();
  const frame = useRef<HTMLDivElement>(null);
  const screen = toPath('query' in place ? { ...place, query: '' } : place)
    .split('/')
    .slice(0, 4)
    .join('/');
  const before = useRef(screen);
  useEffect(() => {
    if (before.current === screen) return;
    before.current = screen;
    const top = frame.current;
    if (!top) return;
    top.scrollIntoView?.({ block: 'start' });
    top.querySelector<HTMLElement>('h1')?.focus({ preventScroll: true });
  }, [screen]);
  return (
    <div class="cl-page an-screen" ref={frame}>
      <Screen key={screen} />
    </div>
  );
}

export const mount = mounted(() => <Page />);
