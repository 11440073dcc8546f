// What can be taken back for some seconds: it is shown at once and done after them, or when one leaves the screen.
import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { asError, useApp } from './context';

const secondsToTakeBack = 8;

interface Pending {
  key: string;
  timer: ReturnType<typeof setTimeout>;
  work: () => Promise<unknown>;
}

/** `hidden` names what is on its way out and shall not be shown; a failure brings it back, with its reason. */
export function useLater() {
  const { host, t, changed } = useApp();
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const pending = useRef(new Map<string, Pending>());
  const show = useCallback((key: string) => {
    setHidden((before) => new Set([...before].filter((one) => one !== key)));
  }, []);
  const perform = useCallback(
    async (one: Pending) => {
      clearTimeout(one.timer);
      if (!pending.current.delete(one.key)) return;
      try {
        await one.work();
        changed();
      } catch (error) {
        show(one.key);
        host.toast(asError(error).message, { failure: true });
      }
    },
    [host, changed, show],
  );
  const latest = useRef(perform);
  latest.current = perform;
  useEffect(() => {
    const all = pending.current;
    const finish = () => [...all.values()].forEach((one) => void latest.current(one));
    window.addEventListener('pagehide', finish);
    return () => {
      window.removeEventListener('pagehide', finish);
      finish();
    };
  }, []);
  const later = useCallback(
    (key: string, text: string, work: () => Promise<unknown>) => {
      if (pending.current.has(key)) return;
      const one: Pending = {
        key,
        work,
        timer: setTimeout(() => void latest.current(one), secondsToTakeBack * 1000),
      };
      pending.current.set(key, one);
      setHidden((before) => new Set([...before, key]));
      const takeBack = () => {
        if (!pending.current.delete(key)) return;
        clearTimeout(one.timer);
        show(key);
      };
      host.toast(text, { action: { label: t('web.undo'), run: takeBack } });
    },
    [host, t, show],
  );
  return { hidden, later };
}
