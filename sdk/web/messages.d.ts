// SPDX-License-Identifier: Apache-2.0
import type { Values } from './index.js';

/** One sentence filled in. Throws SyntaxError where it is malformed. */
export function format(message: string, values?: Values, locale?: string): string;
/** `t` over a catalogue: an unknown key, and a sentence that cannot be read, come back as they are. */
export function translator(
  messages: Record<string, string>,
  locale: string,
): (key: string, values?: Values) => string;
