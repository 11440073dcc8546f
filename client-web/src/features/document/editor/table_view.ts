import { TableView } from '@tiptap/extension-table';
import type { Node as DocumentNode } from '@tiptap/pm/model';

/** A column that has lost its width keeps the old one in Tiptap's view (3.31): here it gives it back. */
export class ColumnsView extends TableView {
  override update(node: DocumentNode): boolean {
    if (node.type === this.node.type)
      for (const column of this.colgroup.children) if (column instanceof HTMLElement) column.style.width = '';
    return super.update(node);
  }
}
