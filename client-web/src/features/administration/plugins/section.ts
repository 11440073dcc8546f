import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'extensions',
  order: 97,
  title: 'plugins.title',
  Page: lazy(() => import('./PluginsPage')),
};
