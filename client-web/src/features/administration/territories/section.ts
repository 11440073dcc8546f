import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'territoires',
  order: 90,
  title: 'references.tab.territoires',
  needs: 'references.manage',
  Page: lazy(() => import('./Page')),
};
