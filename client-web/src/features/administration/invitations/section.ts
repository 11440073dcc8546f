import { lazy } from 'react';
import type { AdministrationSection } from '../section';

export const section: AdministrationSection = {
  slug: 'invitations',
  order: 15,
  title: 'rights.batch.title',
  needs: 'people.invite',
  Page: lazy(() => import('./InvitationsPage')),
};
