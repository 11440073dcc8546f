import type { ReactNode } from 'react';
import { Button as AriaButton, type ButtonProps as AriaButtonProps } from 'react-aria-components/Button';
import {
  ToggleButton as AriaToggle,
  type ToggleButtonProps as AriaToggleProps,
} from 'react-aria-components/ToggleButton';
import { Tooltip } from './Tooltip';
import { classes } from './classes';
import type { IconType } from './drawing';

export type ButtonKind = 'plain' | 'primary' | 'quiet' | 'danger' | 'destructive';
export type ButtonSize = 's' | 'm' | 'l';

export interface ButtonLook {
  /** One `primary` a view. `danger` is outlined; `destructive` is the filled button of a dialog about the irreversible. */
  kind?: ButtonKind;
  size?: ButtonSize;
  icon?: IconType;
}

export interface ButtonProps extends Omit<AriaButtonProps, 'children' | 'className'>, ButtonLook {
  children: ReactNode;
  className?: string;
}

export function buttonClass(kind: ButtonKind = 'plain', size: ButtonSize = 'm', more?: string): string {
  return classes(
    'btn',
    kind === 'destructive' ? 'primary destructive' : kind !== 'plain' && kind,
    size === 's' && 'sm',
    size === 'l' && 'lg',
    more,
  );
}

export function Button({ kind, size, icon: Icon, children, className, ...rest }: ButtonProps) {
  return (
    <AriaButton {...rest} className={buttonClass(kind, size, className)}>
      {rest.isPending ? <span className="spin" aria-hidden="true" /> : Icon && <Icon />}
      {children}
    </AriaButton>
  );
}

export interface IconButtonProps extends Omit<AriaButtonProps, 'children' | 'className' | 'aria-label'> {
  icon: IconType;
  /** The word for it: read aloud, and shown as a tooltip. */
  label: string;
  /** Shown beside the word in the tooltip, such as « Ctrl B ». */
  keys?: string;
  kind?: 'plain' | 'quiet' | 'danger';
  size?: ButtonSize;
  className?: string;
  tooltip?: boolean;
}

export function IconButton({
  icon: Icon,
  label,
  keys,
  kind = 'quiet',
  size,
  className,
  tooltip = true,
  ...rest
}: IconButtonProps) {
  const button = (
    <AriaButton {...rest} aria-label={label} className={buttonClass(kind, size, classes('icon', className))}>
      <Icon />
    </AriaButton>
  );
  return tooltip ? (
    <Tooltip text={label} keys={keys}>
      {button}
    </Tooltip>
  ) : (
    button
  );
}

export interface ToggleButtonProps extends Omit<AriaToggleProps, 'children' | 'className'> {
  icon?: IconType;
  /** Required when there is no text inside. */
  label?: string;
  keys?: string;
  children?: ReactNode;
  size?: ButtonSize;
  kind?: 'plain' | 'quiet';
  className?: string;
}

export function ToggleButton({
  icon: Icon,
  label,
  keys,
  children,
  size,
  kind = 'quiet',
  className,
  ...rest
}: ToggleButtonProps) {
  const button = (
    <AriaToggle
      {...rest}
      {...(label ? { 'aria-label': label } : {})}
      className={buttonClass(kind, size, classes(!children && 'icon', className))}
    >
      {Icon && <Icon />}
      {children}
    </AriaToggle>
  );
  return label ? (
    <Tooltip text={label} keys={keys}>
      {button}
    </Tooltip>
  ) : (
    button
  );
}
