import type { Editor, Extensions } from '@tiptap/core';
import { lazy, Suspense, useCallback, useEffect, useRef, useState, type MouseEvent } from 'react';
import type { DocumentSession } from '@/collab';
import { useI18n } from '@/i18n';
import { useWide } from '@/ui';
import { AltDialog } from '../bars/AltDialog';
import { BubbleBar } from '../bars/BubbleBar';
import { EditorToolbar } from '../bars/EditorToolbar';
import { LinkDialog } from '../bars/LinkDialog';
import { PhoneToolbar } from '../bars/PhoneToolbar';
import { SlashMenu, type SlashKeys } from '../bars/SlashMenu';
import { createEditor, editorAttributes } from '../editor/create_editor';
import { ShownBlocks } from '../editor/extension_block';
import { insertImages, type ImagesOptions } from '../editor/images';
import type { SlashQuery } from '../editor/slash';
import { kImageTypes, uploadImage, type UploadError } from '../upload';
import { BlockLayer } from './BlockLayer';
import { Contents } from './Contents';
import { useDeepLink } from './use_deep_link';
import { WordCount } from './WordCount';

const TermLayer = lazy(() => import('../terms/TermLayer'));

export interface SheetProps {
  session: DocumentSession;
  title: string;
  language: string;
  editable: boolean;
  /** What else the editor shall know; the same list for as long as the sheet is there. */
  extensions?: Extensions;
  onEditor?(editor: Editor | null): void;
  /** Where the toolbar goes: it stands above the notices, outside the sheet. */
  children(parts: {
    toolbar: React.ReactNode;
    contents: React.ReactNode;
    sheet: React.ReactNode;
  }): React.ReactNode;
}

/** The text and everything that acts on it. */
export function Sheet({ session, title, language, editable, extensions, onEditor, children }: SheetProps) {
  const { t } = useI18n();
  const wide = useWide();
  const paper = useRef<HTMLDivElement>(null);
  const toolbar = useRef<HTMLDivElement>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const slashKeys = useRef<SlashKeys>(null);
  const images = useRef<ImagesOptions | null>(null);
  const [editor, setEditor] = useState<Editor | null>(null);
  const [blocks] = useState(() => new ShownBlocks());
  const [slash, setSlash] = useState<SlashQuery | null>(null);
  const [linking, setLinking] = useState(false);
  const [altOf, setAltOf] = useState<number | null>(null);
  const [bar, setBar] = useState<HTMLElement | null>(null);
  const chooseImage = useCallback(() => chooser.current?.click(), []);

  useEffect(() => {
    if (!paper.current) return undefined;
    const failure = (name: string, error: UploadError): string =>
      error.message || t(`document.upload.failed.${error.problem}`, { name });
    const options: ImagesOptions = {
      words: {
        editAlt: t('document.image.alt'),
        noAlt: t('document.image.alt.missing'),
        broken: t('document.image.broken'),
        external: t('document.image.external'),
        sending: (name) => t('document.upload.sending', { name }),
        failed: failure,
        retry: t('document.upload.retry'),
        remove: t('document.upload.remove'),
      },
      upload: (file, onProgress) => uploadImage(session.document, file, onProgress),
      onEditAlt: setAltOf,
    };
    images.current = options;
    const made = createEditor({
      session,
      element: paper.current,
      editable: false,
      t,
      extensions,
      blocks,
      images: options,
      slash: { onQuery: setSlash, onKey: (event) => slashKeys.current?.take(event) ?? false },
      keys: {
        onToolbar: () => toolbar.current?.querySelector<HTMLElement>('button:not([disabled])')?.focus(),
        onLink: () => setLinking(true),
      },
    });
    setEditor(made);
    onEditor?.(made);
    return () => {
      setEditor(null);
      onEditor?.(null);
      made.destroy();
    };
    // A change of language makes the editor anew, because its words are within; the text is in the session.
  }, [session, t, extensions, onEditor, blocks]);

  useEffect(() => {
    if (!editor) return;
    editor.setEditable(editable, false);
    editor.setOptions({ editorProps: { attributes: editorAttributes(title, language, editable) } });
  }, [editor, editable, title, language]);

  const goTo = useDeepLink(editor);

  // A press below the last line goes on writing there, also after a table or an image.
  const writeBelow = (event: MouseEvent): void => {
    if (!editor || !editable || event.target !== event.currentTarget) return;
    event.preventDefault();
    const last = editor.state.doc.lastChild;
    if (last?.type.name === 'paragraph') editor.commands.focus('end');
    else
      editor.chain().insertContentAt(editor.state.doc.content.size, { type: 'paragraph' }).focus('end').run();
  };

  const openAlt = (): void => {
    if (editor) setAltOf(editor.state.selection.from);
  };

  return children({
    toolbar: editor && editable && wide && (
      <EditorToolbar
        editor={editor}
        toolbarRef={toolbar}
        onLink={() => setLinking(true)}
        onImage={chooseImage}
        onAlt={openAlt}
      />
    ),
    contents: editor && (
      <>
        <Contents editor={editor} language={language} onGo={goTo} />
        <span className="slot" ref={setBar} />
      </>
    ),
    sheet: (
      <>
        <article className="sheet" aria-label={title} onMouseDown={writeBelow}>
          <div ref={paper} className="paper" />
          {editor && <WordCount editor={editor} />}
        </article>
        <input
          ref={chooser}
          type="file"
          accept={kImageTypes.join(',')}
          multiple
          hidden
          aria-label={t('document.block.image')}
          data-testid="image-file"
          onChange={(event) => {
            const files = [...(event.target.files ?? [])];
            event.target.value = '';
            if (editor && images.current) {
              editor.commands.focus();
              insertImages(editor.view, files, editor.state.selection.from, images.current);
            }
          }}
        />
        {editor && editable && !wide && (
          <PhoneToolbar
            editor={editor}
            onLink={() => setLinking(true)}
            onImage={chooseImage}
            onAlt={openAlt}
          />
        )}
        {editor && editable && wide && <BubbleBar editor={editor} onLink={() => setLinking(true)} />}
        {editor && slash && <SlashMenu ref={slashKeys} editor={editor} query={slash} onImage={chooseImage} />}
        {editor && (
          <Suspense>
            <TermLayer editor={editor} language={language} bar={bar} />
          </Suspense>
        )}
        <BlockLayer shown={blocks} documentId={session.document} editable={editable} />
        {editor && linking && <LinkDialog editor={editor} onClose={() => setLinking(false)} />}
        {editor && altOf !== null && (
          <AltDialog editor={editor} position={altOf} onClose={() => setAltOf(null)} />
        )}
      </>
    ),
  });
}
