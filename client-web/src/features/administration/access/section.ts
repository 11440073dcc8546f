import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'demandes',
  order: 12,
  title: 'access.title',
  needs: 'people.manage',
  Page: lazy(() => import('./AccessPage')),
};
