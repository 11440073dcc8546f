import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { useLocation } from 'wouter';
import Compass from 'icon:compass';
import FolderOpen from 'icon:folder-open';
import Keyboard from 'icon:keyboard';
import Languages from 'icon:languages';
import LogOut from 'icon:log-out';
import Monitor from 'icon:monitor';
import Moon from 'icon:moon';
import Plus from 'icon:plus';
import Search from 'icon:search';
import IdCard from 'icon:id-card';
import Settings from 'icon:settings';
import Wrench from 'icon:wrench';
import Smartphone from 'icon:monitor-smartphone';
import Sun from 'icon:sun';
import SunMedium from 'icon:sun-medium';
import UserRound from 'icon:user-round';
import WifiOff from 'icon:wifi-off';
import { Button } from 'react-aria-components/Button';
import { keyOf, queries, type Contribution, type Theme, type Workspace } from '@/api';
import { locales, useI18n, withWords, type Locale } from '@/i18n';
import { Avatar, classes, Kbd, Link, Mark, Menu, MenuItem, MenuSection, MenuSeparator, useWide } from '@/ui';
import { runAction, useActions, type Action } from './actions';
import { extensionIcon, ExtensionIcon, useContributions, useExtensionChanges } from './extensions';
import { initialsOf } from './initials';
import { keyWords, useKeys } from './keys';
import { paths } from './paths';
import { useReachable } from './reachability';
import { changeHat, chooseLocale, hasAdministration, hatText, saveMe, signOut, useMe } from './session';
import { setTheme, useTheme } from './theme';
import './shell.css';

const Palette = lazy(withWords(['search'], () => import('./Palette')));
const CommandDialog = lazy(withWords(['extensions'], () => import('@/features/extensions/CommandDialog')));
const Bell = lazy(withWords(['notifications'], () => import('./notifications/Bell')));
const Shortcuts = lazy(() => import('./Shortcuts'));

export interface ShellProps {
  /** `slim`: the rail shows icons only, for the screens one works on. */
  variant?: 'full' | 'slim';
  children: ReactNode;
}

/** The band, the rail, the bar of the phone, and between them the screen. */
export function Shell({ variant = 'full', children }: ShellProps) {
  const { t } = useI18n();
  const me = useMe();
  const [location, navigate] = useLocation();
  const [open, setOpen] = useState<'palette' | 'shortcuts' | null>(null);
  const [announced, setAnnounced] = useState('');
  const main = useRef<HTMLElement>(null);
  const seen = useRef(location);
  const { data } = useQuery(queries.workspaces());
  // An administrator sees every space; the rail keeps to a handful, the rest is a click away.
  const spaces = useMemo(() => data?.workspaces.slice(0, 8) ?? [], [data]);

  const pages = useContributions('page');
  useExtensionChanges();
  const commands = useContributions('command');
  const [command, setCommand] = useState<{ of: Contribution; selection: string } | null>(null);

  useKeys(me.single_keys);
  useActions(
    useMemo<Action[]>(
      () =>
        pages.map((each) => ({
          id: `go.extension.${keyOf(each)}`,
          title: each.ui.name,
          group: 'go',
          icon: extensionIcon(each.ui.icon),
          run: () => navigate(paths.extension(keyOf(each))),
        })),
      [pages, navigate],
    ),
  );
  useActions(
    useMemo<Action[]>(
      () =>
        commands.map((of) => ({
          id: `extension.${of.extension.id}.${of.ui.index}`,
          title: of.ui.name,
          group: 'do',
          icon: extensionIcon(of.ui.icon),
          run: () => setCommand({ of, selection: getSelection()?.toString().slice(0, 4_000) ?? '' }),
        })),
      [commands],
    ),
  );

  useActions(
    useMemo<Action[]>(
      () => [
        {
          id: 'palette',
          title: t('action.palette'),
          group: 'do',
          keys: 'Mod+k',
          hidden: true,
          run: () => setOpen((now) => (now ? null : 'palette')),
        },
        {
          id: 'find',
          title: t('action.find'),
          group: 'do',
          icon: Search,
          keys: '/',
          hidden: true,
          run: () => setOpen('palette'),
        },
        {
          id: 'shortcuts',
          title: t('action.shortcuts'),
          group: 'do',
          icon: Keyboard,
          keys: '?',
          run: () => setOpen('shortcuts'),
        },
        {
          id: 'go.home',
          title: t('nav.today'),
          group: 'go',
          icon: Sun,
          keys: 'g a',
          run: () => navigate(paths.home),
        },
        {
          id: 'go.spaces',
          title: t('nav.spaces.all'),
          group: 'go',
          icon: FolderOpen,
          keys: 'g e',
          run: () => navigate(paths.spaces),
        },
        {
          id: 'go.account',
          title: t('nav.account'),
          group: 'go',
          icon: Settings,
          keys: 'g c',
          run: () => navigate(paths.account),
        },
        {
          id: 'go.references',
          title: t('nav.references'),
          group: 'go',
          icon: Compass,
          run: () => navigate(paths.references),
        },
        ...(hasAdministration(me)
          ? [
              {
                id: 'go.administration',
                title: t('nav.administration'),
                group: 'go' as const,
                icon: Wrench,
                run: () => navigate(paths.administration),
              },
            ]
          : []),
        {
          id: 'theme.light',
          title: t('action.theme.light'),
          group: 'do',
          icon: SunMedium,
          run: () => chooseTheme('light'),
        },
        {
          id: 'theme.dark',
          title: t('action.theme.dark'),
          group: 'do',
          icon: Moon,
          run: () => chooseTheme('dark'),
        },
        ...locales.map<Action>((locale) => ({
          id: `locale.${locale}`,
          title: t('action.locale', { name: t(`locale.${locale}`) }),
          group: 'do',
          icon: Languages,
          run: () => void chooseLocale(locale),
        })),
        { id: 'sign-out', title: t('action.sign.out'), group: 'do', icon: LogOut, run: () => void signOut() },
      ],
      [t, navigate, me],
    ),
  );

  // A new screen: from its top, with the focus on it and its title said aloud.
  useEffect(() => {
    if (seen.current === location) return;
    seen.current = location;
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
    const timer = setTimeout(() => setAnnounced(document.title), 300);
    return () => clearTimeout(timer);
  }, [location]);

  useEffect(() => {
    document.body.classList.add('has-tabs');
    return () => document.body.classList.remove('has-tabs');
  }, []);

  return (
    <>
      <a className="skip" href="#main">
        {t('shell.skip')}
      </a>
      <OfflineBand />
      <header className={classes('band', variant === 'slim' && 'slimband')}>
        <Link to={paths.home} className="brand">
          <Mark />
          <span>{t('app.name')}</span>
        </Link>
        <Button className="find" onPress={() => runAction('palette')} aria-keyshortcuts="Control+K">
          <Search />
          <span>{t('shell.find')}</span>
          <Kbd>{keyWords('Mod+k', t)}</Kbd>
        </Button>
        <div className="band-end">
          <HatMenu />
          <LocaleMenu />
          <ThemeMenu />
          <Suspense fallback={<span className="band-btn" />}>
            <Bell />
          </Suspense>
          <AccountMenu />
        </div>
      </header>
      <div className={classes('frame', variant === 'slim' && 'slim')}>
        <Rail spaces={spaces} location={location} slim={variant === 'slim'} />
        <main id="main" ref={main} tabIndex={-1}>
          {children}
        </main>
      </div>
      <nav className="tabs-m" aria-label={t('shell.nav.phone')}>
        <RailLink to={paths.home} current={location === paths.home}>
          <Sun size="l" />
          <span>{t('nav.today')}</span>
        </RailLink>
        <RailLink to={paths.spaces} current={location.startsWith(paths.spaces)}>
          <FolderOpen size="l" />
          <span>{t('nav.spaces')}</span>
        </RailLink>
        <RailLink to={paths.account} current={location.startsWith(paths.account)}>
          <UserRound size="l" />
          <span>{t('nav.account')}</span>
        </RailLink>
      </nav>
      <p className="vh" role="status">
        {announced}
      </p>
      <Suspense>
        {open === 'palette' && <Palette onClose={() => setOpen(null)} />}
        {command && (
          <CommandDialog
            contribution={command.of}
            selection={command.selection}
            onClose={() => setCommand(null)}
          />
        )}
        {open === 'shortcuts' && <Shortcuts onClose={() => setOpen(null)} />}
      </Suspense>
    </>
  );
}

function chooseTheme(theme: Theme) {
  setTheme(theme);
  void saveMe({ theme }).catch(() => undefined);
}

function RailLink({
  to,
  current,
  title,
  children,
}: {
  to: string;
  current: boolean;
  title?: string | undefined;
  children: ReactNode;
}) {
  return (
    <Link to={to} title={title} aria-current={current ? 'page' : undefined}>
      {children}
    </Link>
  );
}

function Rail({ spaces, location, slim }: { spaces: Workspace[]; location: string; slim: boolean }) {
  const { t } = useI18n();
  const pages = useContributions('page');
  return (
    <nav className="rail" aria-label={t('shell.nav')}>
      <ul>
        <li>
          <RailLink
            to={paths.home}
            current={location === paths.home}
            title={slim ? t('nav.today') : undefined}
          >
            <Sun />
            <span className="lbl">{t('nav.today')}</span>
          </RailLink>
        </li>
        <li>
          <RailLink
            to={paths.references}
            current={location.startsWith(paths.references)}
            title={slim ? t('nav.references') : undefined}
          >
            <Compass />
            <span className="lbl">{t('nav.references')}</span>
          </RailLink>
        </li>
        {pages.map((each) => {
          const to = paths.extension(keyOf(each));
          const current = location === to || location.startsWith(`${to}/`);
          return (
            <li key={to}>
              <RailLink to={to} current={current} title={slim ? each.ui.name : undefined}>
                <ExtensionIcon name={each.ui.icon} />
                <span className="lbl">{each.ui.name}</span>
              </RailLink>
            </li>
          );
        })}
      </ul>
      <div>
        <h2>{t('nav.spaces.mine')}</h2>
        <ul>
          {spaces.map((space) => {
            const to = paths.workspace(space.id);
            const current = location === to || location.startsWith(`${to}/`);
            return (
              <li key={space.id}>
                <RailLink to={to} current={current} title={slim ? space.name : undefined}>
                  <span className="glyph" aria-hidden="true">
                    {initialsOf(space.name)}
                  </span>
                  <span className="lbl">{space.name}</span>
                </RailLink>
              </li>
            );
          })}
          <li>
            <RailLink
              to={paths.spaces}
              current={location === paths.spaces}
              title={slim ? t('nav.spaces.all') : undefined}
            >
              <Plus />
              <span className="lbl">{t('nav.spaces.all')}</span>
            </RailLink>
          </li>
        </ul>
      </div>
    </nav>
  );
}

function OfflineBand() {
  const { t } = useI18n();
  const reachable = useReachable();
  return (
    <div role="status">
      {!reachable && (
        <p className="offline">
          <WifiOff />
          <span>{t('shell.offline')}</span>
        </p>
      )}
    </div>
  );
}

function LocaleMenu() {
  const { t, language } = useI18n();
  return (
    <Menu
      aria-label={t('shell.language')}
      selectionMode="single"
      trigger={
        <Button className="band-btn deskonly">
          <Languages />
          <span>{language}</span>
          <span className="vh">{t('shell.language.suffix')}</span>
        </Button>
      }
    >
      <LocaleItems />
    </Menu>
  );
}

function LocaleItems() {
  const { t, locale } = useI18n();
  return (
    <MenuSection
      title={t('shell.language')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[locale]}
      onSelectionChange={(keys) => {
        const [key] = keys as Set<string>;
        if (key) void chooseLocale(key as Locale);
      }}
    >
      {locales.map((each) => (
        <MenuItem key={each} id={each} choice lang={each}>
          {t(`locale.${each}`)}
        </MenuItem>
      ))}
    </MenuSection>
  );
}

function ThemeItems() {
  const { t } = useI18n();
  const theme = useTheme();
  return (
    <MenuSection
      title={t('shell.theme')}
      selectionMode="single"
      disallowEmptySelection
      selectedKeys={[theme]}
      onSelectionChange={(keys) => {
        const [key] = keys as Set<string>;
        if (key) chooseTheme(key as Theme);
      }}
    >
      <MenuItem id="system" choice icon={Monitor}>
        {t('theme.system')}
      </MenuItem>
      <MenuItem id="light" choice icon={SunMedium}>
        {t('theme.light')}
      </MenuItem>
      <MenuItem id="dark" choice icon={Moon}>
        {t('theme.dark')}
      </MenuItem>
    </MenuSection>
  );
}

function ThemeMenu() {
  const { t } = useI18n();
  const theme = useTheme();
  const Icon = theme === 'dark' ? Moon : theme === 'light' ? SunMedium : Monitor;
  return (
    <Menu
      aria-label={t('shell.theme')}
      trigger={
        <Button className="band-btn deskonly" aria-label={t('shell.theme')}>
          <Icon />
        </Button>
      }
    >
      <ThemeItems />
    </Menu>
  );
}

/** Under which mandate one acts: only for those who have a choice. */
function HatMenu() {
  const { t } = useI18n();
  const me = useMe();
  const current = me.mandates.filter((each) => each.is_current);
  if (!current.some((each) => each.id !== me.hat?.id)) return null;
  return (
    <Menu
      aria-label={t('hat.menu')}
      selectionMode="single"
      trigger={
        <Button className="band-btn hat" data-testid="hat">
          <IdCard />
          <span className="ell">{hatText(me)}</span>
          <span className="vh">, {t('hat.menu')}</span>
        </Button>
      }
    >
      <MenuSection
        title={t('hat.menu')}
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={me.hat ? [me.hat.id] : []}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<string>;
          if (key && key !== me.hat?.id) void changeHat(key);
        }}
      >
        {current.map((each) => (
          <MenuItem
            key={each.id}
            id={each.id}
            choice
            textValue={`${each.function}, ${each.organisation.short_name}`}
          >
            {each.function}, {each.organisation.short_name}
          </MenuItem>
        ))}
      </MenuSection>
    </Menu>
  );
}

function AccountMenu() {
  const { t } = useI18n();
  const wide = useWide();
  const pages = useContributions('page');
  const me = useMe();
  const [, navigate] = useLocation();
  const under = hatText(me);
  return (
    <Menu
      aria-label={t('shell.account')}
      head={
        <div className="me-h">
          <b>{me.name}</b>
          <span className="meta">{me.email}</span>
        </div>
      }
      onAction={(key) => {
        if (key === 'account') navigate(paths.account);
        else if (key === 'sessions') navigate(paths.sessions);
        else if (key === 'references') navigate(paths.references);
        else if (key === 'administration') navigate(paths.administration);
        else if (key === 'shortcuts') runAction('shortcuts');
        else if (key === 'sign-out') void signOut();
        else navigate(String(key));
      }}
      trigger={
        <Button className="me">
          <Avatar person={me} />
          <div>
            <b>{me.name}</b>
            {under && <small>{under}</small>}
          </div>
          <span className="vh">{t('shell.account')}</span>
        </Button>
      }
    >
      <MenuItem id="account" icon={Settings}>
        {t('nav.account')}
      </MenuItem>
      <MenuItem id="sessions" icon={Smartphone}>
        {t('nav.sessions')}
      </MenuItem>
      <MenuItem id="references" icon={Compass}>
        {t('nav.references')}
      </MenuItem>
      {hasAdministration(me) && (
        <MenuItem id="administration" icon={Wrench}>
          {t('nav.administration')}
        </MenuItem>
      )}
      {/* The phone has no rail. */}
      {!wide &&
        pages.map((each) => (
          <MenuItem key={keyOf(each)} id={paths.extension(keyOf(each))} icon={extensionIcon(each.ui.icon)}>
            {each.ui.name}
          </MenuItem>
        ))}
      <MenuItem id="shortcuts" icon={Keyboard} {...(me.single_keys ? { keys: '?' } : {})}>
        {t('action.shortcuts')}
      </MenuItem>
      <MenuSeparator />
      <MenuItem id="sign-out" icon={LogOut}>
        {t('action.sign.out')}
      </MenuItem>
    </Menu>
  );
}
