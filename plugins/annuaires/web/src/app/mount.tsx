// From the host's element to a tree of components and back.
import { render, type ComponentChildren } from 'preact';
import type { Host } from '@/host';
import { AppProvider } from './context';
import { VocabularyProvider } from './vocabulary';

export type Mount = (element: HTMLElement, host: Host) => () => void;

export function mounted(draw: () => ComponentChildren, { publicly = false, name = 'page' } = {}): Mount {
  return (element, host) => {
    element.classList.add('an', `an-${name}`);
    render(
      <AppProvider host={host} publicly={publicly}>
        <VocabularyProvider>{draw()}</VocabularyProvider>
      </AppProvider>,
      element,
    );
    return () => {
      render(null, element);
      element.classList.remove('an', `an-${name}`);
    };
  };
}
