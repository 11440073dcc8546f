// No map yet: the secretariat gives one, a TopoJSON file whose shapes bear the codes of territories, chosen or dropped.
import { useRef, useState } from 'preact/hooks';
import { useApp, useDeed } from '@/app/context';
import type { MessageKey } from '@/host';
import { largestShapes, shapesOf } from '@/pure/shapes';
import { Button, Failure, Progress } from '@/ui/parts';

type Step = 'reading' | 'sending';

/** What is wrong with a file, or the shapes it holds. */
async function read(file: File): Promise<{ wrong: MessageKey } | { shapes: unknown }> {
  if (file.size > largestShapes) return { wrong: 'web.map.too_large' };
  const shapes: unknown = await file
    .text()
    .then(JSON.parse)
    .catch(() => undefined);
  if (shapes === undefined) return { wrong: 'web.map.no_json' };
  return shapesOf(shapes) ? { shapes } : { wrong: 'web.map.wrong' };
}

export function LoadShapes() {
  const { t, host, changed } = useApp();
  const deed = useDeed();
  const [step, setStep] = useState<Step | null>(null);
  const [wrong, setWrong] = useState<MessageKey | null>(null);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const load = async (file: File | undefined) => {
    if (!file || step) return;
    deed.clear();
    setWrong(null);
    setStep('reading');
    const found = await read(file);
    if ('wrong' in found) setWrong(found.wrong);
    else {
      setStep('sending');
      const sent = await deed.run(() => host.api('PUT', '/map/shapes', found.shapes));
      if (sent) {
        host.toast(t('web.map.loaded'));
        changed();
      }
    }
    setStep(null);
    if (input.current) input.current.value = '';
  };
  return (
    <section
      class={over ? 'cl-card an-drop over' : 'cl-card an-drop'}
      aria-label={t('web.map.load')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void load(event.dataTransfer?.files[0]);
      }}
    >
      <h2>{t('web.map.none_yet')}</h2>
      {step ? (
        <Progress label={t(`web.map.${step}`)} done={0} of={0} />
      ) : (
        <>
          <p>{t('web.map.drop')}</p>
          <input
            ref={input}
            type="file"
            class="cl-visually-hidden"
            tabIndex={-1}
            aria-label={t('web.map.load')}
            accept=".topojson,.json,application/json"
            onChange={(event) => void load(event.currentTarget.files?.[0])}
          />
          <Button kind="primary" icon="map" onClick={() => input.current?.click()}>
            {t('web.map.load')}
          </Button>
          <p class="an-hint">{t('web.map.drop_hint')}</p>
        </>
      )}
      {wrong && (
        <p class="an-error" role="alert">
          {t(wrong)}
        </p>
      )}
      {deed.error && <Failure error={deed.error} />}
    </section>
  );
}
