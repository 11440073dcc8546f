// Keeps twins side by side while people write: measures after each change, makes room, and says where each row stands.
import type { Editor } from '@tiptap/core';
import { useEffect, useState, type RefObject } from 'react';
import type { Row } from '../twins/pair';
import { layOut, type LaidRow } from './layout';
import { makeRoom, measure } from './row_space';

const shown = (editor: Editor): boolean => editor.view.dom.offsetParent !== null;

export function useLayout(
  layer: RefObject<HTMLElement | null>,
  source: Editor | null,
  own: Editor | null,
  rows: readonly Row[],
): LaidRow[] {
  const [laid, setLaid] = useState<LaidRow[]>([]);
  useEffect(() => {
    if (!source || !own) return undefined;
    let frame = 0;
    const look = (): void => {
      frame = 0;
      if (!layer.current || source.isDestroyed || own.isDestroyed) return;
      const origin = layer.current.getBoundingClientRect().top;
      const left = measure(source, origin);
      if (!shown(own)) {
        makeRoom(source, left, []);
        return;
      }
      const right = measure(own, origin);
      const alone = !shown(source);
      const layout = layOut(left, right, rows, alone);
      if (!alone) makeRoom(source, left, layout.source);
      makeRoom(own, right, layout.own);
      setLaid((old) => (JSON.stringify(old) === JSON.stringify(layout.rows) ? old : layout.rows));
    };
    const later = (): void => {
      frame ||= requestAnimationFrame(look);
    };
    const observer = new ResizeObserver(later);
    for (const editor of [source, own]) {
      observer.observe(editor.view.dom);
      editor.on('update', later);
    }
    later();
    return () => {
      cancelAnimationFrame(frame);
      observer.disconnect();
      for (const editor of [source, own]) editor.off('update', later);
    };
  }, [layer, source, own, rows]);
  return laid;
}
