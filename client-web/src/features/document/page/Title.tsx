import { useEffect, useRef, useState, type KeyboardEvent } from 'react';
import { useI18n } from '@/i18n';

export interface TitleProps {
  title: string;
  language: string;
  editable: boolean;
  onChange(title: string): void;
}

/** The title of the document: press it to change it; Enter or leaving keeps the change, Escape does not. */
export function Title({ title, language, editable, onChange }: TitleProps) {
  const { t } = useI18n();
  const [draft, setDraft] = useState<string | null>(null);
  const input = useRef<HTMLInputElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const editing = draft !== null;

  useEffect(() => {
    if (editing) input.current?.select();
  }, [editing]);

  const finish = (keep: boolean, refocus: boolean): void => {
    const text = draft?.trim() ?? '';
    setDraft(null);
    if (keep && text && text !== title) onChange(text);
    if (refocus) requestAnimationFrame(() => button.current?.focus());
  };
  const keyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) finish(true, true);
    else if (event.key === 'Escape') finish(false, true);
    else return;
    event.preventDefault();
  };

  if (!editable) return <h1 lang={language}>{title}</h1>;
  return (
    <h1 lang={language}>
      {editing ? (
        <input
          ref={input}
          className="title-in"
          aria-label={t('document.title.label')}
          value={draft}
          maxLength={300}
          onChange={(event) => setDraft(event.target.value)}
          onBlur={() => finish(true, false)}
          onKeyDown={keyDown}
        />
      ) : (
        <button
          ref={button}
          type="button"
          className="title-b"
          data-testid="title"
          title={t('document.title.change')}
          onClick={() => setDraft(title)}
        >
          {title}
        </button>
      )}
    </h1>
  );
}
