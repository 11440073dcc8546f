import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'droits',
  order: 30,
  title: 'rights.title',
  needs: 'grants.manage',
  Page: lazy(() => import('./RightsPage')),
};
