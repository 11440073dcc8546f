import type { Me } from '@/api';
import type { PresentUser } from '@/collab';
import { hueOf } from '@/ui';

/** How the others in a document see this person. */
export function presentAs(me: Me): PresentUser {
  return {
    id: me.id,
    name: me.name,
    initials: me.initials,
    organisation: (me.hat ?? me).organisation?.short_name ?? null,
    country: (me.hat ?? me).organisation?.country ?? null,
    colour: hueOf(me.id),
  };
}
