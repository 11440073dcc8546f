import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'pourquoi',
  order: 40,
  title: 'rights.why.title',
  needs: 'grants.manage',
  Page: lazy(() => import('./WhyPage')),
};
