import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'regles',
  order: 60,
  title: 'references.tab.regles',
  Page: lazy(() => import('./Page')),
};
