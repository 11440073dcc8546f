import { QueryClientProvider } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { I18nProvider as AriaI18nProvider } from 'react-aria-components/I18nProvider';
import { RouterProvider } from 'react-aria-components';
import { Redirect, Route, Switch, useLocation } from 'wouter';
import { errorText, onSignedOut } from '@/api';
import { deliverUnsent } from '@/collab/offline';
import { I18nProvider, useI18n, withWords } from '@/i18n';
import { ErrorNotice, Mark, Toasts } from '@/ui';
import { Boundary } from './Boundary';
import { Entry } from './Entry';
import { NotFound } from './NotFound';
import { Shell } from './Shell';
import { paths } from './paths';
import { queryClient } from './query_client';
import { documentScreen, homeScreen, isDocumentPath, workspaceScreen } from './screens';
import { currentMe, forgetMe, useBootstrap, useMe } from './session';

const HomePage = lazy(homeScreen);
const SpacesPage = lazy(withWords(['workspace', 'languages'], () => import('@/features/spaces')));
const WorkspacePage = lazy(() => workspaceScreen().then((module) => ({ default: module.WorkspacePage })));
const DocumentPage = documentScreen ? lazy(documentScreen) : NotFound;
const SearchPage = lazy(withWords(['search'], () => import('@/features/search')));
const NotificationsPage = lazy(withWords(['notifications'], () => import('@/features/notifications')));
const UnsubscribePage = lazy(
  withWords(['notifications'], () =>
    import('@/features/notifications').then((module) => ({ default: module.UnsubscribePage })),
  ),
);
const AccountPage = lazy(
  withWords(
    ['account', 'languages', 'notifications', 'people', 'privacy', 'signin'],
    () => import('@/features/account'),
  ),
);
const ReferencesPage = lazy(
  withWords(['references', 'privacy', 'terms'], () => import('@/features/references')),
);
const AdministrationPage = lazy(
  withWords(
    [
      'journal',
      'people',
      'plugins',
      'privacy',
      'references',
      'requests',
      'rights',
      'roles',
      'signin',
      'terms',
    ],
    () => import('@/features/administration'),
  ),
);
const ExtensionPage = lazy(withWords(['extensions'], () => import('@/features/extensions/ExtensionPage')));
const PortalPage = lazy(withWords(['extensions'], () => import('@/features/extensions/PortalPage')));
const Atelier = lazy(() => import('@/features/atelier'));
const entry = withWords(['signin', 'mail'], () => import('@/features/entry'));
const SignInPage = lazy(() => entry().then((module) => ({ default: module.SignInPage })));
const SetupPage = lazy(() => entry().then((module) => ({ default: module.SetupPage })));
const InvitationPage = lazy(() => entry().then((module) => ({ default: module.InvitationPage })));
const LinkPage = lazy(() => entry().then((module) => ({ default: module.LinkPage })));
const ArrivalPage = lazy(() => entry().then((module) => ({ default: module.ArrivalPage })));
const AskLinkPage = lazy(() => entry().then((module) => ({ default: module.AskLinkPage })));
const AddFactorPage = lazy(withWords(['signin'], () => import('@/features/entry/AddFactorPage')));
const AskPage = lazy(withWords(['asking', 'mail', 'signin'], () => import('@/features/entry/AskPage')));

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <I18nProvider>
        <Frame />
      </I18nProvider>
    </QueryClientProvider>
  );
}

function Frame() {
  const { locale } = useI18n();
  const [, navigate] = useLocation();
  return (
    <AriaI18nProvider locale={locale}>
      <RouterProvider navigate={navigate}>
        <Boundary>
          <Suspense fallback={<Boot />}>
            <Routes />
          </Suspense>
        </Boundary>
        <Toasts />
      </RouterProvider>
    </AriaI18nProvider>
  );
}

/** What index.html shows, for as long as there is nothing else: the mark does not blink. */
function Boot() {
  return (
    <div className="boot">
      <Mark />
    </div>
  );
}

function Routes() {
  const { t } = useI18n();
  const { data, error, refetch } = useBootstrap();

  // A session that ends while one reads (elsewhere, or by age) brings the sign-in, at the same address.
  useEffect(() => onSignedOut(() => currentMe() && forgetMe()), []);

  if (!data) {
    return error ? (
      <Entry>
        <h1>{t('app.unreachable')}</h1>
        <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
      </Entry>
    ) : (
      <Boot />
    );
  }
  const { me, instance, must_add_factor } = data;
  return (
    <Switch>
      <Route path={paths.atelier}>
        <Atelier />
      </Route>
      <Route path="/portail/e/:name/*?">{({ name }) => <PortalPage key={name} name={name} />}</Route>
      <Route path={paths.setup}>
        {instance.needs_setup ? <SetupPage /> : <Redirect to={paths.home} replace />}
      </Route>
      <Route path="/invitation/:token">{({ token }) => <InvitationPage token={token} />}</Route>
      <Route path="/desabonnement/:token">{({ token }) => <UnsubscribePage token={token} />}</Route>
      <Route path={paths.link}>
        <LinkPage />
      </Route>
      <Route path={paths.arrival}>
        <ArrivalPage />
      </Route>
      <Route path={paths.ask}>
        <AskPage />
      </Route>
      <Route path={paths.askPassword}>
        <AskLinkPage purpose="password" />
      </Route>
      <Route path={paths.askSignIn}>
        <AskLinkPage purpose="sign_in" />
      </Route>
      <Route>
        {instance.needs_setup ? (
          <Redirect to={paths.setup} replace />
        ) : !me ? (
          <SignInPage />
        ) : must_add_factor ? (
          <Suspense>
            <AddFactorPage />
          </Suspense>
        ) : (
          <SignedIn />
        )}
      </Route>
    </Switch>
  );
}

const documentRoute = '/espaces/:workspaceId/documents/:documentId';

function SignedIn() {
  const [location] = useLocation();
  const me = useMe();
  useEffect(() => void deliverUnsent(me.id), [me.id]);
  const slim = isDocumentPath(location);
  return (
    <Shell variant={slim ? 'slim' : 'full'}>
      <Boundary resetKey={location}>
        <Suspense>
          <Switch>
            <Route path={paths.home}>
              <HomePage />
            </Route>
            <Route path={paths.spaces}>
              <SpacesPage />
            </Route>
            <Route path={paths.search()}>
              <SearchPage />
            </Route>
            <Route path={paths.notifications}>
              <NotificationsPage />
            </Route>
            <Route path={paths.account}>
              <AccountPage />
            </Route>
            <Route path="/reperes/*?">
              <ReferencesPage />
            </Route>
            <Route path="/administration/*?">
              <AdministrationPage />
            </Route>
            <Route path="/e/:name/*?">{({ name }) => <ExtensionPage key={name} name={name} />}</Route>
            <Route path={documentRoute}>{(params) => <DocumentPage {...params} />}</Route>
            <Route path="/espaces/:workspaceId/e/:extension/*?">
              {({ workspaceId, extension }) => (
                <WorkspacePage key={workspaceId} workspaceId={workspaceId} tab="e" extension={extension} />
              )}
            </Route>
            <Route path="/espaces/:workspaceId/:tab?">
              {({ workspaceId, tab }) => (
                <WorkspacePage key={workspaceId} workspaceId={workspaceId} tab={tab} />
              )}
            </Route>
            <Route>
              <NotFound />
            </Route>
          </Switch>
        </Suspense>
      </Boundary>
    </Shell>
  );
}
