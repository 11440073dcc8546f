// The keys of the side-by-side screen. They win over those of the text.
import { Extension } from '@tiptap/core';

export interface TwinKeysOptions {
  onOther(): void;
  onConfirm(): void;
  onStep(by: 1 | -1): void;
}

export const TwinKeys = Extension.create<TwinKeysOptions>({
  name: 'twinKeys',
  priority: 1000,
  addOptions: () => ({ onOther: () => undefined, onConfirm: () => undefined, onStep: () => undefined }),
  addKeyboardShortcuts() {
    const run = (act: () => void) => () => {
      act();
      return true;
    };
    return {
      'Mod-Shift-Enter': run(() => this.options.onOther()),
      'Mod-Enter': run(() => this.options.onConfirm()),
      'Alt-PageDown': run(() => this.options.onStep(1)),
      'Alt-PageUp': run(() => this.options.onStep(-1)),
    };
  },
});
