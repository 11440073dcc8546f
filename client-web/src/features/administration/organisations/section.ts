import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'organismes',
  order: 20,
  title: 'people.organisations',
  needs: 'organisations.manage',
  Page: lazy(() => import('./OrganisationsPage')),
};
