import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'groupes',
  order: 35,
  title: 'rights.groups.title',
  needs: 'groups.manage',
  Page: lazy(() => import('./GroupsPage')),
};
