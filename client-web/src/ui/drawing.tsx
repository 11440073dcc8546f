import { createElement } from 'react';

export interface IconProps {
  /** 15, 18 (the usual) or 22 px. */
  size?: 's' | 'm' | 'l';
  className?: string | undefined;
}
export type IconType = (props: IconProps) => React.ReactElement;

type Shape = [tag: string, attributes: Record<string, string>];

/** Makes a component of the shapes of a Lucide drawing. An icon always stands beside a word, so it is hidden from readers. */
export function drawing(shapes: Shape[]): IconType {
  return function Icon({ size = 'm', className }: IconProps) {
    const names = ['i', size === 'm' ? '' : `i-${size}`, className ?? ''].filter(Boolean).join(' ');
    return (
      <svg
        className={names}
        viewBox="0 0 24 24"
        fill="none"
        stroke="currentColor"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {shapes.map(([tag, attributes], index) => createElement(tag, { ...attributes, key: index }))}
      </svg>
    );
  };
}
