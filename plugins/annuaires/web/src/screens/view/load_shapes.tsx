// No map yet: the secretariat gives one, a TopoJSON file whose shapes bear the codes of territories, chosen or dropped.
import { useState } from 'preact/hooks';
import { useApp, useDeed } from '@/app/context';
import type { MessageKey } from '@/host';
import { largestShapes, shapesOf } from '@/pure/shapes';
import { FileDrop } from '@/ui/file_drop';
import { Failure, Progress } from '@/ui/parts';

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
  const load = async (file: File) => {
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
  };
  return (
    <FileDrop
      label={t('web.map.load')}
      choose={t('web.map.load')}
      icon="map"
      accept=".topojson,.json,application/json"
      title={t('web.map.none_yet')}
      text={t('web.map.drop')}
      hint={t('web.map.drop_hint')}
      busy={step && <Progress label={t(`web.map.${step}`)} done={0} of={0} />}
      onFile={(file) => void load(file)}
    >
      {wrong && (
        <p class="an-error" role="alert">
          {t(wrong)}
        </p>
      )}
      {deed.error && <Failure error={deed.error} />}
    </FileDrop>
  );
}
