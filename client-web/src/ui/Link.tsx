import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { Link as RouteLink } from 'wouter';
import { buttonClass, type ButtonLook } from './Button';

export interface LinkProps extends Omit<AnchorHTMLAttributes<HTMLAnchorElement>, 'href'> {
  to: string;
  children: ReactNode;
}

/** Goes to another screen without loading the page; opens elsewhere like any link (Ctrl, middle button). */
export function Link({ to, children, ...rest }: LinkProps) {
  return (
    <RouteLink href={to} {...rest}>
      {children}
    </RouteLink>
  );
}

export function ButtonLink({ kind, size, icon: Icon, children, className, ...rest }: LinkProps & ButtonLook) {
  return (
    <Link {...rest} className={buttonClass(kind, size, className)}>
      {Icon && <Icon />}
      {children}
    </Link>
  );
}
