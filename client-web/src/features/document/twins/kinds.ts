import type { XmlElement } from 'yjs';

/** What sort of block it is, so that a heading is not paired with a paragraph. */
export function kindOf(element: XmlElement): string {
  return element.nodeName === 'heading'
    ? `heading ${String(element.getAttribute('level') ?? 1)}`
    : element.nodeName;
}
