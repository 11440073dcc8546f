// Images in the text: how one is shown, how it gets in (button, paste, drop), and what stands in its place while it
// travels. A placeholder is local: the others see the image once the server has it.
import { Extension } from '@tiptap/core';
import type { Node as DocumentNode } from '@tiptap/pm/model';
import { Fragment, Slice } from '@tiptap/pm/model';
import { NodeSelection, Plugin, PluginKey } from '@tiptap/pm/state';
import { Decoration, DecorationSet, type EditorView, type NodeView } from '@tiptap/pm/view';
import { tidyPasted } from './pasted';
import { DocumentImage } from './schema';
import { UploadError, type UploadedImage } from '../upload';

export interface ImageWords {
  editAlt: string;
  noAlt: string;
  broken: string;
  external: string;
  sending(name: string): string;
  failed(name: string, error: UploadError): string;
  retry: string;
  remove: string;
}

export interface ImagesOptions {
  words: ImageWords | null;
  upload(file: File, onProgress: (share: number) => void): Promise<UploadedImage>;
  onEditAlt(position: number): void;
}

const kOwn = /^\/api\/v1\/documents\/[^/?#]+\/images\/[^/?#]+$/;

/** Whether an address is an image of this server: the content policy lets no other be loaded. */
export function isOwnImage(src: unknown): src is string {
  return typeof src === 'string' && kOwn.test(src);
}

// ---- one image

class ImageView implements NodeView {
  readonly dom = document.createElement('figure');
  private readonly image = document.createElement('img');
  private readonly note = document.createElement('p');
  private readonly button = document.createElement('button');
  private node: DocumentNode;
  private readonly words: ImageWords;

  constructor(node: DocumentNode, words: ImageWords, edit: () => void) {
    this.node = node;
    this.words = words;
    this.dom.className = 'doc-image';
    this.note.className = 'doc-image-note';
    this.button.type = 'button';
    this.button.className = 'doc-image-alt';
    this.button.addEventListener('click', edit);
    this.image.addEventListener('error', () => this.show('broken'));
    this.image.addEventListener('load', () => this.show('shown'));
    this.draw();
  }

  private draw(): void {
    const { src, alt, title } = this.node.attrs as Record<'src' | 'alt' | 'title', string | null>;
    this.image.alt = alt ?? '';
    this.image.title = title ?? '';
    this.button.textContent = alt ? this.words.editAlt : this.words.noAlt;
    this.button.dataset.missing = String(!alt);
    if (isOwnImage(src)) {
      if (this.image.getAttribute('src') !== src) {
        this.image.src = src;
        this.show('loading');
      }
    } else {
      this.image.removeAttribute('src');
      this.show('external');
    }
  }

  private show(state: 'loading' | 'shown' | 'broken' | 'external'): void {
    this.dom.dataset.state = state;
    this.dom.replaceChildren();
    if (state === 'external') {
      const { src, alt } = this.node.attrs as Record<'src' | 'alt', string | null>;
      const link = document.createElement('a');
      link.textContent = alt || src || '';
      if (src && /^https:\/\//.test(src)) link.href = src;
      link.target = '_blank';
      link.rel = 'noopener noreferrer';
      this.note.replaceChildren(this.words.external, ' ', link);
      this.dom.append(this.note, this.button);
    } else if (state === 'broken') {
      this.note.textContent = this.words.broken;
      this.dom.append(this.note, this.button);
    } else {
      this.dom.append(this.image, this.button);
    }
  }

  update(node: DocumentNode): boolean {
    if (node.type !== this.node.type) return false;
    this.node = node;
    this.draw();
    return true;
  }

  stopEvent(event: Event): boolean {
    return event.target === this.button;
  }

  ignoreMutation(): boolean {
    return true;
  }
}

export const ImageBlock = DocumentImage.extend<ImagesOptions>({
  addOptions: () => ({
    words: null,
    upload: () => Promise.reject(new UploadError('server')),
    onEditAlt: () => undefined,
  }),

  addNodeView() {
    const { words, onEditAlt } = this.options;
    if (!words) return null;
    return ({ node, getPos }) =>
      new ImageView(node, words, () => {
        const position = getPos();
        if (position !== undefined) onEditAlt(position);
      });
  },

  addKeyboardShortcuts() {
    return {
      Enter: () => {
        const { selection } = this.editor.state;
        if (!(selection instanceof NodeSelection) || selection.node.type.name !== 'image') return false;
        if (!this.editor.isEditable) return false;
        this.options.onEditAlt(selection.from);
        return true;
      },
    };
  },
});

// ---- on its way

interface Upload {
  id: number;
  position: number;
  dom: HTMLElement;
}

type UploadStep = { add: Upload } | { drop: number };

const uploadsKey = new PluginKey<DecorationSet>('uploads');
let lastUpload = 0;

function placeOf(view: EditorView, id: number): number | null {
  const found = uploadsKey.getState(view.state)?.find(undefined, undefined, (spec) => spec.id === id);
  return found?.[0]?.from ?? null;
}

function drop(view: EditorView, id: number): void {
  if (!view.isDestroyed) view.dispatch(view.state.tr.setMeta(uploadsKey, { drop: id } satisfies UploadStep));
}

/** Sends files and puts each where it was asked for, wherever that place has moved to in the meantime. */
export function insertImages(view: EditorView, files: File[], at: number, options: ImagesOptions): void {
  const { words } = options;
  if (!words) return;
  for (const file of files) {
    const id = (lastUpload += 1);
    const dom = document.createElement('div');
    dom.className = 'upload';
    dom.contentEditable = 'false';
    dom.setAttribute('role', 'group');
    dom.setAttribute('aria-label', words.sending(file.name));
    view.dispatch(
      view.state.tr.setMeta(uploadsKey, {
        add: { id, position: blockBoundary(view, at), dom },
      } satisfies UploadStep),
    );
    send(view, id, dom, file, options, words);
  }
}

// A block image goes after the block that the caret is in, and in place of it when that is an empty paragraph.
function blockBoundary(view: EditorView, at: number): number {
  const $at = view.state.doc.resolve(Math.min(at, view.state.doc.content.size));
  return $at.parent.isTextblock ? $at.after() : $at.pos;
}

function send(
  view: EditorView,
  id: number,
  dom: HTMLElement,
  file: File,
  options: ImagesOptions,
  words: ImageWords,
): void {
  const label = document.createElement('p');
  label.textContent = words.sending(file.name);
  const bar = document.createElement('div');
  bar.className = 'upload-bar';
  bar.setAttribute('role', 'progressbar');
  bar.setAttribute('aria-label', words.sending(file.name));
  bar.setAttribute('aria-valuemin', '0');
  bar.setAttribute('aria-valuemax', '100');
  const done = document.createElement('i');
  bar.append(done);
  delete dom.dataset.failed;
  dom.replaceChildren(label, bar);

  const progress = (share: number): void => {
    const percent = Math.round(share * 100);
    bar.setAttribute('aria-valuenow', String(percent));
    done.style.width = `${percent}%`;
  };
  progress(0);
  options.upload(file, progress).then(
    (image) => place(view, id, image.url),
    (error: unknown) => {
      const problem = error instanceof UploadError ? error : new UploadError('server');
      label.textContent = words.failed(file.name, problem);
      label.setAttribute('role', 'alert');
      dom.dataset.failed = problem.problem;
      const again = action(words.retry, () => send(view, id, dom, file, options, words));
      const away = action(words.remove, () => drop(view, id));
      const hopeless = problem.problem === 'type' || problem.problem === 'size';
      dom.replaceChildren(label, ...(hopeless ? [away] : [again, away]));
    },
  );
}

function action(words: string, run: () => void): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'upload-action';
  button.textContent = words;
  button.addEventListener('click', run);
  return button;
}

function place(view: EditorView, id: number, src: string): void {
  if (view.isDestroyed) return;
  const at = placeOf(view, id);
  const type = view.state.schema.nodes.image;
  const transaction = view.state.tr.setMeta(uploadsKey, { drop: id } satisfies UploadStep);
  if (at !== null && type) {
    const before = transaction.doc.resolve(at).nodeBefore;
    const empty = before?.type.name === 'paragraph' && before.content.size === 0;
    const image = type.create({ src });
    // Text goes on below an image, so there has to be a below.
    const last = at === transaction.doc.content.size;
    const nodes = last ? [image, view.state.schema.nodes.paragraph!.create()] : [image];
    if (empty) transaction.replaceWith(at - before.nodeSize, at, nodes);
    else transaction.insert(at, nodes);
  }
  view.dispatch(transaction);
}

function imageFiles(data: DataTransfer | null): File[] {
  return [...(data?.files ?? [])].filter((file) => file.type.startsWith('image/'));
}

// Foreign images cannot be shown under the content policy, and hot-linking tells strangers who reads what. A pasted
// page therefore keeps a link where its image was.
function withoutForeignImages(slice: Slice): Slice {
  const clean = (fragment: Fragment): Fragment => {
    const nodes: DocumentNode[] = [];
    fragment.forEach((node) => {
      if (node.type.name === 'image' && !isOwnImage(node.attrs.src)) {
        const { schema } = node.type;
        const src = String(node.attrs.src ?? '');
        const link = schema.marks.link;
        if (/^https?:\/\//.test(src) && link)
          nodes.push(
            schema.nodes.paragraph!.create(
              null,
              schema.text(String(node.attrs.alt || src), [link.create({ href: src })]),
            ),
          );
      } else {
        nodes.push(node.copy(clean(node.content)));
      }
    });
    return Fragment.fromArray(nodes);
  };
  return new Slice(clean(slice.content), slice.openStart, slice.openEnd);
}

export const ImageUploads = Extension.create<ImagesOptions>({
  name: 'imageUploads',
  addOptions: () => ({
    words: null,
    upload: () => Promise.reject(new UploadError('server')),
    onEditAlt: () => undefined,
  }),

  addProseMirrorPlugins() {
    const options = this.options;
    return [
      new Plugin<DecorationSet>({
        key: uploadsKey,
        state: {
          init: () => DecorationSet.empty,
          apply: (transaction, set) => {
            const moved = set.map(transaction.mapping, transaction.doc);
            const step = transaction.getMeta(uploadsKey) as UploadStep | undefined;
            if (!step) return moved;
            if ('add' in step) {
              const { id, position, dom } = step.add;
              const spec = {
                id,
                key: `upload-${id}`,
                side: -1,
                ignoreSelection: true,
                stopEvent: () => true,
              };
              return moved.add(transaction.doc, [Decoration.widget(position, dom, spec)]);
            }
            return moved.remove(moved.find(undefined, undefined, (spec) => spec.id === step.drop));
          },
        },
        props: {
          decorations: (state) => uploadsKey.getState(state),
          transformPastedHTML: tidyPasted,
          transformPasted: (slice) => withoutForeignImages(slice),
          handlePaste: (view, event) => {
            const files = imageFiles(event.clipboardData);
            // Word processors add a picture of the text they copy; the text is what is meant.
            const hasText = event.clipboardData?.types.some(
              (type) => type === 'text/html' || type === 'text/plain',
            );
            if (!view.editable || files.length === 0 || (hasText && !onlyImage(event.clipboardData)))
              return false;
            insertImages(view, files, view.state.selection.from, options);
            return true;
          },
          handleDrop: (view, event, _slice, moved) => {
            const files = imageFiles(event.dataTransfer);
            if (!view.editable || moved || files.length === 0) return false;
            event.preventDefault();
            const at = view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos;
            insertImages(view, files, at ?? view.state.doc.content.size, options);
            return true;
          },
        },
      }),
    ];
  },
});

// "Copy image" in a browser gives the file and an <img> around its address: that is an image and not a text.
function onlyImage(data: DataTransfer | null): boolean {
  const html = data?.getData('text/html') ?? '';
  const text = data?.getData('text/plain') ?? '';
  return (
    text.trim() === '' &&
    /^[^<]*(<(html|body|meta|!--)[^>]*>\s*)*<img\b[^>]*>(\s*<\/?[^>]*>)*\s*$/i.test(html.trim())
  );
}
