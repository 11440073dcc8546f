import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'termes',
  order: 75,
  title: 'terms.admin.title',
  needs: 'terms.manage',
  Page: lazy(() => import('./TermsPage')),
};
