import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'journal',
  order: 90,
  title: 'journal.title',
  needs: 'journal.read',
  Page: lazy(() => import('./JournalPage')),
};
