import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'conservation',
  order: 95,
  title: 'privacy.keep.title',
  Page: lazy(() => import('./RetentionPage')),
};
