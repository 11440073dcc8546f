import type { ComponentType, LazyExoticComponent } from 'react';
import type { Permission } from '@/api';
import type { MessageId } from '@/i18n';

/** A screen of the administration. Each lives in a folder of its own here, whose `section.ts` exports one as `section`. */
export interface AdministrationSection {
  /** Its address: `/administration/<slug>`, with whatever the screen puts behind it. */
  slug: string;
  /** Where it stands in the list: 10, 20, … */
  order: number;
  title: MessageId;
  /** Who sees it: whoever has this permission on the instance. Absent: administrators. */
  needs?: Permission;
  Page: LazyExoticComponent<ComponentType> | ComponentType;
}
