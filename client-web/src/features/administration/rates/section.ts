import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'taux',
  order: 70,
  title: 'references.tab.taux',
  needs: 'references.manage',
  Page: lazy(() => import('./Page')),
};
