import { lazy, Suspense } from 'react';
import { Route, Switch } from 'wouter';
import { I18nProvider } from '@/i18n';

// The document screen may be absent from a checkout while it is being written.
const documentScreen = Object.values(
  import.meta.glob<{ default: React.ComponentType<{ documentId: string; workspaceId: string }> }>(
    '../features/document/index.{ts,tsx}',
  ),
)[0];
const DocumentPage = documentScreen ? lazy(documentScreen) : null;

export function App() {
  return (
    <I18nProvider>
      <Suspense>
        <Switch>
          <Route path="/espaces/:workspaceId/documents/:documentId">
            {(params) => DocumentPage && <DocumentPage {...params} />}
          </Route>
        </Switch>
      </Suspense>
    </I18nProvider>
  );
}
