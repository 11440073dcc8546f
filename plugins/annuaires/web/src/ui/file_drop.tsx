// A file, chosen with a button or dropped: the button is there for who does not drag.
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import { Button } from './parts';
import type { IconName } from './icons';

/** `busy`: what stands in place of the choice while a file is taken in. `children`: what went wrong with one. */
export function FileDrop(props: {
  label: string;
  choose: string;
  icon: IconName;
  accept: string;
  title?: string;
  text: string;
  hint: string;
  busy?: ComponentChildren;
  children?: ComponentChildren;
  onFile: (file: File) => void;
}) {
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | undefined) => file && !props.busy && props.onFile(file);
  return (
    <section
      class={over ? 'cl-card an-drop over' : 'cl-card an-drop'}
      aria-label={props.label}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        take(event.dataTransfer?.files[0]);
      }}
    >
      {props.title && <h2>{props.title}</h2>}
      {props.busy || (
        <>
          <p>{props.text}</p>
          <input
            ref={input}
            type="file"
            class="cl-visually-hidden"
            tabIndex={-1}
            aria-label={props.choose}
            accept={props.accept}
            onChange={(event) => {
              take(event.currentTarget.files?.[0]);
              // The same file may be chosen again, once it is mended.
              event.currentTarget.value = '';
            }}
          />
          <Button kind="primary" icon={props.icon} onClick={() => input.current?.click()}>
            {props.choose}
          </Button>
          <p class="an-hint">{props.hint}</p>
        </>
      )}
      {props.children}
    </section>
  );
}
