// The widths of a table's columns: dragged with the mouse (the plugin of prosemirror-tables), or stepped by a command of
// the table's menu, because what can be dragged also has a button.
import { Extension } from '@tiptap/core';
import { columnResizing, selectedRect, TableMap } from '@tiptap/pm/tables';
import type { EditorState, Transaction } from '@tiptap/pm/state';
import type { EditorView } from '@tiptap/pm/view';
import { kColumnMax_px, kColumnMin_px } from './schema';

export const kColumnStep_px = 40;

declare module '@tiptap/core' {
  interface Commands<ReturnType> {
    columns: {
      /** Makes the column of the caret wider or narrower by so many pixels. */
      resizeColumn(by_px: number): ReturnType;
      /** Takes every width of the table away: the columns share the sheet evenly. */
      evenColumns(): ReturnType;
    };
  }
}

function isInTable(state: EditorState): boolean {
  for (let depth = state.selection.$head.depth; depth > 0; depth -= 1)
    if (state.selection.$head.node(depth).type.name === 'table') return true;
  return false;
}

/** Writes a width (or none) into every cell of the columns from `left` up to `right`. */
function setWidths(transaction: Transaction, state: EditorState, width: number | null, all: boolean): void {
  const { table, tableStart, left } = selectedRect(state);
  const map = TableMap.get(table);
  for (const position of new Set(map.map)) {
    const rect = map.findCell(position);
    const within = left >= rect.left && left < rect.right;
    const cell = table.nodeAt(position);
    if (!cell || !(all || within)) continue;
    const span = rect.right - rect.left;
    const widths = Array.isArray(cell.attrs.colwidth)
      ? [...(cell.attrs.colwidth as number[])]
      : Array.from({ length: span }, () => 0);
    if (width !== null) widths[left - rect.left] = width;
    const colwidth = width === null ? null : widths;
    transaction.setNodeMarkup(tableStart + position, null, { ...cell.attrs, colwidth });
  }
}

/** As wide as the column of the caret is drawn now. */
function drawnWidth(view: EditorView, state: EditorState): number {
  const { map, tableStart, left, top } = selectedRect(state);
  const cell = view.nodeDOM(tableStart + (map.map[top * map.width + left] ?? 0));
  return cell instanceof HTMLElement
    ? cell.offsetWidth / ((cell as HTMLTableCellElement).colSpan || 1)
    : kColumnMin_px;
}

export const Columns = Extension.create({
  name: 'columns',
  // Before the table's own plugin, so that pressing on a border is not selecting a cell.
  priority: 200,
  addProseMirrorPlugins() {
    return [
      columnResizing({
        // The table extension brings the view; this adds the handles.
        View: null,
        cellMinWidth: kColumnMin_px,
        defaultCellMinWidth: kColumnMin_px,
        handleWidth: 6,
        lastColumnResizable: true,
      }),
    ];
  },
  addCommands() {
    return {
      resizeColumn:
        (by_px) =>
        ({ state, view, tr, dispatch }) => {
          if (!isInTable(state)) return false;
          const wanted = Math.round(drawnWidth(view, state) + by_px);
          if (dispatch) setWidths(tr, state, Math.min(kColumnMax_px, Math.max(kColumnMin_px, wanted)), false);
          return true;
        },
      evenColumns:
        () =>
        ({ state, tr, dispatch }) => {
          if (!isInTable(state)) return false;
          if (dispatch) setWidths(tr, state, null, true);
          return true;
        },
    };
  },
});
