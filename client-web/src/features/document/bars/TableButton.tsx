import type { Editor } from '@tiptap/core';
import TableIcon from 'icon:table-2';
import { useI18n, type MessageId } from '@/i18n';
import { IconButton, Menu, MenuItem } from '@/ui';
import { table } from '../editor/blocks';
import { kColumnStep_px } from '../editor/columns';

type TableAction = { id: string; label: MessageId; danger?: boolean; run(editor: Editor): void };

const actions: readonly TableAction[] = [
  {
    id: 'row-above',
    label: 'document.table.row.above',
    run: (editor) => editor.chain().focus().addRowBefore().run(),
  },
  {
    id: 'row-below',
    label: 'document.table.row.below',
    run: (editor) => editor.chain().focus().addRowAfter().run(),
  },
  {
    id: 'column-left',
    label: 'document.table.column.left',
    run: (editor) => editor.chain().focus().addColumnBefore().run(),
  },
  {
    id: 'column-right',
    label: 'document.table.column.right',
    run: (editor) => editor.chain().focus().addColumnAfter().run(),
  },
  {
    id: 'header-row',
    label: 'document.table.header.row',
    run: (editor) => editor.chain().focus().toggleHeaderRow().run(),
  },
  {
    id: 'header-column',
    label: 'document.table.header.column',
    run: (editor) => editor.chain().focus().toggleHeaderColumn().run(),
  },
  {
    id: 'wider',
    label: 'document.table.wider',
    run: (editor) => editor.chain().focus().resizeColumn(kColumnStep_px).run(),
  },
  {
    id: 'narrower',
    label: 'document.table.narrower',
    run: (editor) => editor.chain().focus().resizeColumn(-kColumnStep_px).run(),
  },
  {
    id: 'even',
    label: 'document.table.even',
    run: (editor) => editor.chain().focus().evenColumns().run(),
  },
  {
    id: 'merge',
    label: 'document.table.merge',
    run: (editor) => editor.chain().focus().mergeOrSplit().run(),
  },
  {
    id: 'delete-row',
    label: 'document.table.delete.row',
    danger: true,
    run: (editor) => editor.chain().focus().deleteRow().run(),
  },
  {
    id: 'delete-column',
    label: 'document.table.delete.column',
    danger: true,
    run: (editor) => editor.chain().focus().deleteColumn().run(),
  },
  {
    id: 'delete-table',
    label: 'document.table.delete',
    danger: true,
    run: (editor) => editor.chain().focus().deleteTable().run(),
  },
];

/** Inserts a table; within one it opens what can be done with it. */
export function TableButton({
  editor,
  inTable,
  touch,
}: {
  editor: Editor;
  inTable: boolean;
  /** On the phone: room for a finger, and the caret stays where it is. */
  touch?: boolean;
}) {
  const { t } = useI18n();
  const look = touch
    ? { size: 'm' as const, tooltip: false, preventFocusOnPress: true }
    : { size: 's' as const };
  if (!inTable) {
    return (
      <IconButton
        {...look}
        icon={TableIcon}
        label={t('document.block.table')}
        onPress={() => table.run(editor)}
      />
    );
  }
  return (
    <Menu
      placement={touch ? 'top end' : 'bottom start'}
      trigger={
        <IconButton
          {...look}
          icon={TableIcon}
          label={t('document.table.tools')}
          tooltip={false}
          className="on"
        />
      }
      onAction={(key) => actions.find((action) => action.id === key)?.run(editor)}
    >
      {actions.map((action) => (
        <MenuItem key={action.id} id={action.id} danger={action.danger ?? false}>
          {t(action.label)}
        </MenuItem>
      ))}
    </Menu>
  );
}
