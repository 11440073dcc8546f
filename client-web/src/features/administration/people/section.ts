import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'personnes',
  order: 10,
  title: 'people.people',
  Page: lazy(() => import('./PeoplePage')),
};
