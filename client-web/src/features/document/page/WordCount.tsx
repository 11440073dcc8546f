import type { Editor } from '@tiptap/core';
import { useEffect, useState } from 'react';
import { useI18n } from '@/i18n';

/** Counting a long text costs some milliseconds, so it waits until the writing pauses. */
const kPauseMs = 600;

export function countWords(text: string): number {
  return text.match(/[\p{L}\p{N}]+(?:[’'.,-][\p{L}\p{N}]+)*/gu)?.length ?? 0;
}

export function WordCount({ editor }: { editor: Editor }) {
  const { t } = useI18n();
  const [count, setCount] = useState<number | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | null = null;
    const look = (): void => {
      timer = null;
      const { doc } = editor.state;
      setCount(countWords(doc.textBetween(0, doc.content.size, '\n', '\n')));
    };
    const later = (): void => {
      timer ??= setTimeout(look, kPauseMs);
    };
    look();
    editor.on('update', later);
    return () => {
      editor.off('update', later);
      if (timer) clearTimeout(timer);
    };
  }, [editor]);
  return count === null ? null : (
    <p className="meta words" data-testid="words">
      {t('document.words', { count })}
    </p>
  );
}
