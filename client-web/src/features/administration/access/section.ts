import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'demandes',
  order: 12,
  title: 'access.title',
  Page: lazy(() => import('./AccessPage')),
};
