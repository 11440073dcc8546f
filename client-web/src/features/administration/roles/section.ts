import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'roles',
  order: 36,
  title: 'roles.title',
  Page: lazy(() => import('./RolesPage')),
};
