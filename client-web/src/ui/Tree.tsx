import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import {
  Tree as AriaTree,
  TreeItem as AriaTreeItem,
  TreeItemContent,
  type TreeItemProps as AriaTreeItemProps,
  type TreeProps as AriaTreeProps,
} from 'react-aria-components/Tree';
import ChevronRight from 'icon:chevron-right';
import Grip from 'icon:grip-vertical';
import { useI18n } from '@/i18n';
import './styles/tree.css';

export { useDragAndDrop } from 'react-aria-components/useDragAndDrop';
export { Collection } from 'react-aria-components/Collection';

/** Arrows move and unfold; Tab goes into the row's own controls; Enter on the grip begins a move by keyboard. */
export function Tree<T extends object>({ className, ...rest }: AriaTreeProps<T> & { className?: string }) {
  const byTab: object = { keyboardNavigationBehavior: 'tab' };
  return <AriaTree {...rest} {...byTab} className={className ? `tree ${className}` : 'tree'} />;
}

export interface TreeItemProps extends Omit<AriaTreeItemProps, 'children' | 'className'> {
  /** The row itself. */
  content: ReactNode;
  /** The rows under it. */
  children?: ReactNode;
  draggable?: boolean;
  className?: string;
}

export function TreeItem({ content, children, draggable, className, ...rest }: TreeItemProps) {
  const { t } = useI18n();
  return (
    <AriaTreeItem {...rest} className={className ? `tree-i ${className}` : 'tree-i'}>
      <TreeItemContent>
        {({ hasChildItems, isExpanded, level }) => (
          <div className="tree-r" style={{ paddingInlineStart: `${(level - 1) * 1.1}rem` }}>
            {draggable && (
              <Button slot="drag" className="tree-grip" aria-label={t('ui.tree.move')}>
                <Grip size="s" />
              </Button>
            )}
            {hasChildItems ? (
              <Button slot="chevron" className="tree-c" data-open={isExpanded || undefined}>
                <ChevronRight size="s" />
              </Button>
            ) : (
              <span className="tree-c" />
            )}
            {content}
          </div>
        )}
      </TreeItemContent>
      {children}
    </AriaTreeItem>
  );
}
