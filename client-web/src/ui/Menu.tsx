import type { ReactElement, ReactNode } from 'react';
import {
  Menu as AriaMenu,
  MenuItem as AriaMenuItem,
  MenuSection as AriaMenuSection,
  MenuTrigger,
  type MenuItemProps as AriaMenuItemProps,
  type MenuProps as AriaMenuProps,
  type MenuSectionProps as AriaMenuSectionProps,
} from 'react-aria-components/Menu';
import { Header } from 'react-aria-components/Header';
import { Popover, type PopoverProps } from 'react-aria-components/Popover';
import { Separator } from 'react-aria-components/Separator';
import Check from 'icon:check';
import { Kbd } from './Kbd';
import type { IconType } from './drawing';
import { classes } from './classes';

export interface MenuProps<T> extends Omit<AriaMenuProps<T>, 'className'> {
  /** The button that opens it. */
  trigger: ReactElement;
  placement?: PopoverProps['placement'];
  /** Stands above the items, outside the list. */
  head?: ReactNode;
  isOpen?: boolean;
  onOpenChange?: (open: boolean) => void;
}

export function Menu<T>({
  trigger,
  placement = 'bottom end',
  head,
  isOpen,
  onOpenChange,
  ...rest
}: MenuProps<T>) {
  return (
    <MenuTrigger {...(isOpen === undefined ? {} : { isOpen })} {...(onOpenChange ? { onOpenChange } : {})}>
      {trigger}
      <Popover className="pop" placement={placement} offset={4}>
        {head}
        <AriaMenu {...rest} className="menu" />
      </Popover>
    </MenuTrigger>
  );
}

export interface MenuItemProps extends Omit<AriaMenuItemProps, 'children' | 'className'> {
  icon?: IconType;
  /** Shown at the end, such as « F2 ». */
  keys?: string;
  danger?: boolean;
  /** One of a set of choices: leaves room for the tick. */
  choice?: boolean;
  lang?: string;
  children: ReactNode;
}

export function MenuItem({ icon: Icon, keys, danger, choice, lang, children, ...rest }: MenuItemProps) {
  return (
    <AriaMenuItem
      {...rest}
      textValue={rest.textValue ?? (typeof children === 'string' ? children : '')}
      className={classes('mi', danger && 'danger')}
    >
      {choice && <Check className="tick" />}
      {Icon && <Icon />}
      <span lang={lang}>{children}</span>
      {keys && (
        <span className="end">
          <Kbd>{keys}</Kbd>
        </span>
      )}
    </AriaMenuItem>
  );
}

export interface MenuSectionProps<T> extends AriaMenuSectionProps<T> {
  title: string;
  children: ReactNode;
}

export function MenuSection<T extends object>({ title, children, ...rest }: MenuSectionProps<T>) {
  return (
    <AriaMenuSection {...rest}>
      <Header className="m-h">{title}</Header>
      {children}
    </AriaMenuSection>
  );
}

export function MenuSeparator() {
  return <Separator className="m-sep" />;
}
