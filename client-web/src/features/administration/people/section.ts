import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'personnes',
  order: 10,
  title: 'people.people',
  needs: 'people.manage',
  Page: lazy(() => import('./PeoplePage')),
};
