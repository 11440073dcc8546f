// A module of a plugin's in its place: loaded, mounted, and taken away again. What goes wrong in it stays in it.
import type { Context, ContextBlock, DialogOptions, Slot, StandIn } from '@cluse/sdk';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { navigate } from 'wouter/use-browser-location';
import { type Contribution } from '@/api';
import { currentMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { classes, ErrorNotice, Skeleton } from '@/ui';
import { AskDialog } from './AskDialog';
import { createHost, type Hosting, type Place, type Stage } from './host';
import { holdSheet, LateError, loadModule } from './load';
import { openFrame } from './frame';
import '@cluse/sdk/classes.css';
import './extensions.css';

export interface ModuleViewProps {
  contribution: Contribution;
  context?: Context | undefined;
  /** Where its paths lead: its own address or that of the plugin's page; null: nowhere. */
  base: string | null;
  path?: string | undefined;
  onTitle?: ((title: string) => void) | undefined;
  onClose?: (() => void) | undefined;
  block?: ContextBlock | undefined;
  onBlock?: ((data: unknown, standIn?: StandIn) => void) | undefined;
  className?: string | undefined;
}

type Trouble = { kind: 'failed' | 'late' | 'fault'; error: unknown };

interface Asked {
  options: DialogOptions<unknown>;
  answer(value: unknown): void;
}

export function ModuleView(props: ModuleViewProps) {
  const { contribution, context, path = '/', block } = props;
  const { extension, ui } = contribution;
  const { t, locale } = useI18n();
  const client = useQueryClient();
  const [attempt, setAttempt] = useState(0);
  const [trouble, setTrouble] = useState<Trouble | null>(null);
  const [ready, setReady] = useState(false);
  const [working, setWorking] = useState(0);
  const [asked, setAsked] = useState<Asked[]>([]);
  const seat = useRef<HTMLDivElement>(null);
  const hosting = useRef<Hosting | null>(null);
  const latest = useRef(props);
  latest.current = props;

  const stage = useMemo<Stage>(
    () => ({
      ask: <V,>(options: DialogOptions<V>) =>
        new Promise<V | null>((resolve) => {
          const one: Asked = {
            options: options as DialogOptions<unknown>,
            answer: (value) => {
              setAsked((all) => all.filter((each) => each !== one));
              resolve(value as V | null);
            },
          };
          setAsked((all) => [...all, one]);
        }),
      working: (change) => setWorking((count) => count + change),
    }),
    [],
  );

  useEffect(() => {
    const element = seat.current;
    if (!element) return undefined;
    const run = start(contribution, element, attempt, {
      place: placeOf(ui.slot, latest),
      stage,
      onReady: () => setReady(true),
      onTrouble: setTrouble,
    });
    hosting.current = run.hosting;
    setTrouble(null);
    setReady(false);
    setWorking(0);
    return () => {
      hosting.current = null;
      run.end();
      setAsked((all) => {
        for (const each of all) each.answer(null);
        return [];
      });
    };
    // Other files, another person's words or another try: a new module. What else changes it is told.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [ui.module, ui.style, extension.trusted, locale, attempt, stage]);

  useEffect(() => hosting.current?.setPath(path), [path]);
  useEffect(() => {
    if (block) hosting.current?.setBlock(block);
  }, [block, context]);

  const again = useCallback(() => {
    setAttempt((last) => last + 1);
    void client.invalidateQueries({ queryKey: ['extensions'] });
  }, [client]);

  const gone = trouble?.kind === 'failed' || trouble?.kind === 'late';
  return (
    <div
      className={classes('ext', props.className)}
      data-plugin={extension.id}
      data-state={stateOf(trouble, ready)}
    >
      {trouble && (
        <ErrorNotice title={t(`extensions.${trouble.kind}`, { name: ui.name })} onRetry={again}>
          {gone && t('extensions.failed.detail')}
        </ErrorNotice>
      )}
      <div className="ext-w" role="status">
        {working > 0 && <span className="vh">{t('extensions.busy', { name: ui.name })}</span>}
        {working > 0 && <i aria-hidden="true" />}
      </div>
      {!ready && !trouble && <Skeleton lines={4} />}
      <div ref={seat} className="ext-m" hidden={gone} />
      {asked.map((one, index) => (
        <AskDialog key={index} options={one.options} onAnswer={one.answer} />
      ))}
    </div>
  );
}

function stateOf(trouble: Trouble | null, ready: boolean): string {
  return trouble ? trouble.kind : ready ? 'ready' : 'loading';
}

function placeOf(slot: Slot, latest: { readonly current: ModuleViewProps }): Place {
  const { context = {}, base, path = '/', block } = latest.current;
  const me = currentMe();
  return {
    slot,
    context: block ? { ...context, block } : context,
    person: me ? { id: me.id, name: me.name } : null,
    base,
    path,
    go: (address, replace) => navigate(address, { replace }),
    setTitle: (title) => latest.current.onTitle?.(title),
    close: () => latest.current.onClose?.(),
    setBlock: (data, standIn) => latest.current.onBlock?.(data, standIn),
  };
}

interface Parts {
  place: Place;
  stage: Stage;
  onReady(): void;
  onTrouble(trouble: Trouble): void;
}

/** Puts the module into `seat`; `end` takes everything away again, whatever state it is in. */
function start(contribution: Contribution, seat: HTMLElement, attempt: number, parts: Parts) {
  const { extension, ui } = contribution;
  const hosting = createHost(contribution, parts.place, parts.stage);
  let over = false;
  let unmount: (() => void) | void;
  const say = (kind: Trouble['kind'], error: unknown): void => {
    if (!over) parts.onTrouble({ kind: error instanceof LateError ? 'late' : kind, error });
  };

  if (!extension.trusted) {
    const frame = openFrame(contribution, seat, hosting, { onReady: parts.onReady, onTrouble: say });
    return {
      hosting,
      end: () => {
        over = true;
        frame.close();
        hosting.end();
      },
    };
  }

  const release = holdSheet(ui.style);
  const element = document.createElement('div');
  element.className = 'cl-root';
  const fault = watchFaults(extension.id, (error) => say('fault', error));
  loadModule(ui, attempt)
    .then((mount) => {
      if (over) return;
      seat.append(element);
      unmount = mount(element, hosting.host);
      parts.onReady();
    })
    .catch((error: unknown) => say('failed', error));
  return {
    hosting,
    end: () => {
      over = true;
      try {
        unmount?.();
      } catch (error) {
        reportError(error); // the page goes on without it
      }
      fault();
      element.remove();
      hosting.end();
      release();
    },
  };
}

/** Errors that nobody caught and that come from the plugin's files. */
function watchFaults(plugin: string, fault: (error: unknown) => void): () => void {
  const files = `/x/${plugin}/~`;
  const thrown = (event: ErrorEvent): void => {
    if (event.filename.includes(files)) fault(event.error);
  };
  const rejected = (event: PromiseRejectionEvent): void => {
    const { reason } = event as { reason: unknown };
    if (reason instanceof Error && reason.stack?.includes(files)) fault(reason);
  };
  addEventListener('error', thrown);
  addEventListener('unhandledrejection', rejected);
  return () => {
    removeEventListener('error', thrown);
    removeEventListener('unhandledrejection', rejected);
  };
}
