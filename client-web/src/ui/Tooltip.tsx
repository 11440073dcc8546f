import type { ReactElement } from 'react';
import { Tooltip as AriaTooltip, TooltipTrigger } from 'react-aria-components/Tooltip';
import { Kbd } from './Kbd';

export interface TooltipProps {
  text: string;
  keys?: string | undefined;
  /** A part that can be focused (a button, a link of react-aria). */
  children: ReactElement;
}

/** The word for what shows none. It never holds anything that is not said elsewhere to a reader. */
export function Tooltip({ text, keys, children }: TooltipProps) {
  return (
    <TooltipTrigger delay={500} closeDelay={100}>
      {children}
      <AriaTooltip className="tip" offset={6}>
        {text}
        {keys && <Kbd>{keys}</Kbd>}
      </AriaTooltip>
    </TooltipTrigger>
  );
}
