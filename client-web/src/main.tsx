import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/ui/styles/tokens.css';
import '@/ui/styles/base.css';
import '@/ui/styles/parts.css';
import { activate, initialLocale } from '@/i18n';
import { App } from '@/app/App';
import { queryClient } from '@/app/query_client';
import { preloadContent, preloadScreen } from '@/app/screens';
import { bootstrap } from '@/app/session';
import { registerServiceWorker } from '@/collab/offline';

const root = document.getElementById('app');
if (!root) throw new Error('index.html has no #app');
// Who is signed in is asked, and the screen's code fetched, while the words arrive.
void queryClient
  .fetchQuery(bootstrap)
  .then(({ me }) => me && preloadContent(location.pathname))
  .catch(() => undefined); // the application says it
preloadScreen(location.pathname);
await activate(initialLocale());
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
registerServiceWorker();
