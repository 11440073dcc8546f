import type { Entered } from '@/api';
import { acceptMe, forgetMe } from '@/app/session';

/** Takes over what a way in has answered. */
export function useEntered() {
  return async (entered: Entered) => {
    if (!('me' in entered)) return;
    // Whoever was signed in here before may have been somebody else.
    forgetMe();
    await acceptMe(entered.me, entered.must_add_factor);
  };
}
