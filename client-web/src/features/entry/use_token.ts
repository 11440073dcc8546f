import { useEffect, useState } from 'react';

/**
 * The token of a link by mail, which stands behind # and leaves the address once the screen is there. Not while it is
 * drawn: React may draw a screen twice before it shows it, and the second time must find the token too.
 */
export function useTokenOfLink(): string {
  const [token] = useState(() => location.hash.slice(1));
  useEffect(() => {
    if (token) history.replaceState(history.state, '', location.pathname);
  }, [token]);
  return token;
}
