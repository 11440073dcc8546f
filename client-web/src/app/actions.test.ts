// The reading of keys: sequences, modifiers, and what switches single letters off. The clock is passed in.
import { afterEach, describe, expect, it } from 'vitest';
import { KeyReader, registerActions, takesLetters, type Action } from './actions';

const action = (id: string, keys: string, more: Partial<Action> = {}): Action => ({
  id,
  keys,
  title: id,
  group: 'go',
  run: () => undefined,
  ...more,
});
const press = (key: string, more: Partial<{ ctrlKey: boolean; metaKey: boolean; altKey: boolean }> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  ...more,
});
const letters = { letters: true };
let clear = () => undefined as void;
afterEach(() => clear());

describe('keys', () => {
  it('finds a sequence, whatever the case, and forgets it after a pause', () => {
    clear = registerActions([action('home', 'g a')]);
    const reader = new KeyReader();
    expect(reader.read(press('g'), 0, letters)).toBeNull();
    expect(reader.read(press('A'), 500, letters)?.id).toBe('home');
    reader.read(press('g'), 1_000, letters);
    expect(reader.read(press('a'), 3_000, letters)).toBeNull();
  });

  it('takes what the key writes, so layouts do not matter', () => {
    clear = registerActions([action('list', '?'), action('find', '/')]);
    const reader = new KeyReader();
    expect(reader.read(press('?'), 0, letters)?.id).toBe('list');
    expect(reader.read(press('/'), 1, letters)?.id).toBe('find');
  });

  it('leaves letters alone when they are switched off or mean themselves, never the modified ones', () => {
    clear = registerActions([action('home', 'g'), action('palette', 'Mod+k')]);
    const reader = new KeyReader();
    expect(reader.read(press('g'), 0, { letters: false })).toBeNull();
    expect(reader.read(press('k', { ctrlKey: true }), 1, { letters: false })?.id).toBe('palette');
    expect(reader.read(press('k', { metaKey: true }), 2, { letters: false })?.id).toBe('palette');
  });

  it('passes over an act that is not available', () => {
    clear = registerActions([action('new', 'c', { when: () => false })]);
    expect(new KeyReader().read(press('c'), 0, letters)).toBeNull();
  });

  it('a wrong second key starts again from that key', () => {
    clear = registerActions([action('home', 'g a'), action('help', '?')]);
    const reader = new KeyReader();
    reader.read(press('g'), 0, letters);
    expect(reader.read(press('?'), 100, letters)?.id).toBe('help');
  });
});

it('letters mean themselves in fields, menus and trees', () => {
  document.body.innerHTML = '<input><p id="p"></p><div role="treegrid"><span id="s"></span></div>'; // eslint-disable-line no-restricted-properties -- a test page
  expect(takesLetters(document.querySelector('input'))).toBe(true);
  expect(takesLetters(document.querySelector('#s'))).toBe(true);
  expect(takesLetters(document.querySelector('#p'))).toBe(false);
});
