import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'delais',
  order: 80,
  title: 'references.tab.delais',
  Page: lazy(() => import('./Page')),
};
