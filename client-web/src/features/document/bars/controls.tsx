// The parts that the toolbar of the desk and that of the phone share.
import type { Editor } from '@tiptap/core';
import ChevronDown from 'icon:chevron-down';
import Ellipsis from 'icon:ellipsis';
import Redo from 'icon:redo-2';
import Undo from 'icon:undo-2';
import { useI18n } from '@/i18n';
import { Button, IconButton, Menu, MenuItem } from '@/ui';
import { codeBlock, kinds, lists, quote, rule, type Block } from '../editor/blocks';
import { marks, toggleMark } from './marks';

interface Part {
  editor: Editor;
  /** On the phone: room for a finger, and the caret (with it the keyboard) stays where it is. */
  touch?: boolean;
}

/** What the paragraph is. `compact` shows its sign alone. */
export function KindMenu({ editor, touch, kind: id }: Part & { kind: string }) {
  const { t } = useI18n();
  const kind = kinds.find((entry) => entry.id === id) ?? kinds[0]!;
  const Icon = kind.icon;
  return (
    <Menu
      placement={touch ? 'top start' : 'bottom start'}
      trigger={
        <Button
          kind="quiet"
          size={touch ? 'm' : 's'}
          className={touch ? 'kind-m' : 'kind'}
          {...(touch ? { preventFocusOnPress: true } : {})}
        >
          <span className="vh">{t('document.kind')} </span>
          {touch ? (
            <>
              <Icon />
              <span className="vh">{t(kind.label)}</span>
            </>
          ) : (
            <span className="ell">{t(kind.label)}</span>
          )}
          <ChevronDown size="s" />
        </Button>
      }
      selectionMode="single"
      selectedKeys={[kind.id]}
      onAction={(key) => kinds.find((entry) => entry.id === key)?.run(editor)}
    >
      {kinds.map((entry) => (
        <MenuItem
          key={entry.id}
          id={entry.id}
          icon={entry.icon}
          choice
          textValue={t(entry.label)}
          keys={touch ? '' : (entry.keys ?? '')}
        >
          {t(entry.label)}
        </MenuItem>
      ))}
    </Menu>
  );
}

const blocksMore: readonly Block[] = [quote, codeBlock, rule];
const listsMore: readonly Block[] = lists.filter(({ id }) => id === 'ordered-list');

/** What is asked for less often. On the phone, what the bar has no room for as well. */
export function MoreMenu({ editor, touch }: Part) {
  const { t } = useI18n();
  const blocks = touch ? [...listsMore, ...blocksMore] : blocksMore;
  return (
    <Menu
      placement={touch ? 'top end' : 'bottom start'}
      trigger={
        <IconButton
          size={touch ? 'm' : 's'}
          icon={Ellipsis}
          label={t('document.more')}
          tooltip={false}
          {...(touch ? { preventFocusOnPress: true } : {})}
        />
      }
      onAction={(key) => {
        const mark = marks.find((button) => button.mark === key);
        if (mark) toggleMark(editor, mark.mark);
        else blocks.find((block) => block.id === key)?.run(editor);
      }}
    >
      {marks.slice(touch ? 2 : 3).map((button) => (
        <MenuItem key={button.mark} id={button.mark} icon={button.icon} keys={touch ? '' : button.keys}>
          {t(button.label)}
        </MenuItem>
      ))}
      {blocks.map((block) => (
        <MenuItem key={block.id} id={block.id} icon={block.icon} keys={touch ? '' : (block.keys ?? '')}>
          {t(block.label)}
        </MenuItem>
      ))}
    </Menu>
  );
}

export function HistoryButtons({
  editor,
  touch,
  canUndo,
  canRedo,
}: Part & { canUndo: boolean; canRedo: boolean }) {
  const { t } = useI18n();
  const look = touch
    ? { size: 'm' as const, tooltip: false, preventFocusOnPress: true }
    : { size: 's' as const };
  return (
    <>
      <IconButton
        {...look}
        icon={Undo}
        label={t('document.undo')}
        keys="Ctrl Z"
        isDisabled={!canUndo}
        onPress={() => editor.chain().focus().undo().run()}
      />
      <IconButton
        {...look}
        icon={Redo}
        label={t('document.redo')}
        keys="Ctrl Y"
        isDisabled={!canRedo}
        onPress={() => editor.chain().focus().redo().run()}
      />
    </>
  );
}
