import { autoUpdate, computePosition, flip, offset, shift, size } from '@floating-ui/dom';
import type { Editor } from '@tiptap/core';
import { posToDOMRect } from '@tiptap/core';
import { useEffect, useId, useImperativeHandle, useMemo, useRef, useState, type Ref } from 'react';
import { extensionIcon, useContributions } from '@/app/extensions';
import { useI18n } from '@/i18n';
import { classes, Kbd } from '@/ui';
import { drawn, filterBlocks, slashBlocks, type Block } from '../editor/blocks';
import type { SlashQuery } from '../editor/slash';

export interface SlashKeys {
  take(event: KeyboardEvent): boolean;
}

export interface SlashMenuProps {
  editor: Editor;
  query: SlashQuery;
  onImage(): void;
  ref: Ref<SlashKeys>;
}

/** What "/" offers. The caret stays in the text: the editor names the chosen entry to screen readers. */
export function SlashMenu({ editor, query, onImage, ref }: SlashMenuProps) {
  const { t } = useI18n();
  const id = useId();
  const list = useRef<HTMLUListElement>(null);
  const [chosen, setChosen] = useState(0);
  // A table within a table says nothing that Markdown or a reader could follow.
  const added = useContributions('document.block');
  const inTable = editor.isActive('table');
  const blocks = useMemo(
    () =>
      filterBlocks(
        [
          ...slashBlocks(onImage),
          ...added.map(({ extension, ui }) => drawn(extension.id, ui.name, extensionIcon(ui.icon))),
        ],
        query.text,
        t,
      ).filter(({ id }) => !(inTable && id === 'table')),
    [query.text, onImage, t, inTable, added],
  );
  const index = Math.min(chosen, Math.max(0, blocks.length - 1));

  useEffect(() => setChosen(0), [query.text]);

  const pick = (block: Block): void => {
    editor.chain().focus().deleteRange({ from: query.from, to: query.to }).run();
    block.run(editor);
  };

  useImperativeHandle(ref, () => ({
    take: (event) => {
      const block = blocks[index];
      if (!block) return false;
      const step = (by: number): boolean => {
        setChosen((index + by + blocks.length) % blocks.length);
        return true;
      };
      if (event.key === 'ArrowDown') return step(1);
      if (event.key === 'ArrowUp') return step(-1);
      if (event.key !== 'Enter' && event.key !== 'Tab') return false;
      pick(block);
      return true;
    },
  }));

  useEffect(() => {
    const element = list.current;
    if (!element) return undefined;
    const anchor = {
      getBoundingClientRect: () => posToDOMRect(editor.view, query.from, query.from),
      contextElement: editor.view.dom,
    };
    const place = (): void => {
      void computePosition(anchor, element, {
        strategy: 'fixed',
        placement: 'bottom-start',
        middleware: [
          offset(6),
          flip(),
          shift({ padding: 8 }),
          size({
            padding: 8,
            apply: ({ availableHeight }) => {
              element.style.maxHeight = `${Math.max(140, Math.min(480, availableHeight))}px`;
            },
          }),
        ],
      }).then(({ x, y }) => {
        element.style.left = `${x}px`;
        element.style.top = `${y}px`;
        element.style.visibility = 'visible';
      });
    };
    return autoUpdate(anchor, element, place);
  }, [editor, query.from, blocks.length]);

  useEffect(() => {
    const { dom } = editor.view;
    if (blocks.length > 0) {
      dom.setAttribute('aria-controls', id);
      dom.setAttribute('aria-activedescendant', `${id}-${index}`);
    }
    list.current?.children[index]?.scrollIntoView({ block: 'nearest' });
    return () => {
      dom.removeAttribute('aria-controls');
      dom.removeAttribute('aria-activedescendant');
    };
  }, [editor, id, index, blocks.length]);

  if (blocks.length === 0) return null;
  return (
    <ul
      ref={list}
      id={id}
      role="listbox"
      aria-label={t('document.slash')}
      className="slash pop"
      data-testid="slash"
      // It can be scrolled, so it can be reached; pressing it leaves the caret where it is.
      tabIndex={0}
      onMouseDown={(event) => event.preventDefault()}
    >
      {blocks.map((block, at) => {
        const Icon = block.icon;
        return (
          <li
            key={block.id}
            id={`${id}-${at}`}
            role="option"
            aria-selected={at === index}
            className={classes('mi', at === index && 'on')}
            onMouseEnter={() => setChosen(at)}
            onMouseDown={() => pick(block)}
          >
            <Icon />
            <span>{block.title ?? t(block.label)}</span>
            {block.keys && (
              <span className="end">
                <Kbd>{block.keys}</Kbd>
              </span>
            )}
          </li>
        );
      })}
    </ul>
  );
}
