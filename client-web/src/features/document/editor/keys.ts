// The keys that lead out of the text, and back in (the toolbar listens for Escape).
import { Extension } from '@tiptap/core';

export interface KeysOptions {
  onToolbar(): void;
  onLink(): void;
}

export const Keys = Extension.create<KeysOptions>({
  name: 'pageKeys',
  addOptions: () => ({ onToolbar: () => undefined, onLink: () => undefined }),
  addKeyboardShortcuts() {
    return {
      'Alt-F10': () => {
        this.options.onToolbar();
        return true;
      },
      // Ctrl+K alone belongs to the palette.
      'Mod-Shift-k': () => {
        if (!this.editor.isEditable) return false;
        this.options.onLink();
        return true;
      },
    };
  },
});
