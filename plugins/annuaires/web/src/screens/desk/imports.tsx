// The imports of a directory, and the way to a new one: a file.
import { useRef, useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Import } from '@/app/model';
import type { MessageKey } from '@/host';
import { send } from '@/pure/upload';
import { Button, Card, Empty, Failure, Progress, Tag, To, Waiting } from '@/ui/parts';
import { Frame } from '../frame';
import { Wizard } from './import_wizard';

const largestFile = 32 * 1024 * 1024;

export function ImportsScreen({ slug, item, query }: { slug: string; item: string; query: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.imports'));
  return (
    <Frame slug={slug} desk="imports" title={t('web.desk.imports')}>
      {({ directory }) =>
        item ? <Wizard id={item} directory={directory} query={query} /> : <Imports slug={slug} />
      }
    </Frame>
  );
}

function Imports({ slug }: { slug: string }) {
  const { t } = useApp();
  const { data, error, again } = useAnswer<{ imports: Import[] }>(
    `/imports?directory=${encodeURIComponent(slug)}`,
  );
  return (
    <>
      <Drop slug={slug} />
      {error && <Failure error={error} again={again} />}
      {!data && !error && <Waiting lines={3} />}
      {data && data.imports.length === 0 && (
        <Empty title={t('web.import.none')}>{t('web.import.none_why')}</Empty>
      )}
      {data && data.imports.length > 0 && (
        <Card title={t('web.import.before')}>
          <ul class="cl-list an-lines">
            {data.imports.map((one) => (
              <Line key={one.id} one={one} slug={slug} />
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

function Line({ one, slug }: { one: Import; slug: string }) {
  const { t, moment } = useApp();
  return (
    <li>
      <div class="an-grow">
        <To
          place={{ screen: 'desk', directory: slug, desk: 'imports', item: String(one.id), query: '' }}
          class="an-title"
        >
          {one.name}
        </To>
        <p class="an-meta">
          {[
            moment(one.at),
            one.by?.name,
            one.counts.rows !== undefined && t('web.import.rows', { count: one.counts.rows }),
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      </div>
      <Tag kind={one.state === 'applied' ? 'ok' : one.state === 'failed' ? 'no' : 'wait'}>
        {t(`web.import.state_${one.state}` as MessageKey)}
      </Tag>
    </li>
  );
}

/** A file chosen with a button or dropped: the button is there for who does not drag. */
function Drop({ slug }: { slug: string }) {
  const { t, host, go, number } = useApp();
  const deed = useDeed();
  const [sent, setSent] = useState<{ name: string; done: number; of: number } | null>(null);
  const [refused, setRefused] = useState('');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const start = (file: File | undefined) => {
    if (!file) return;
    setRefused('');
    if (file.size > largestFile) return setRefused(t('web.import.too_large'));
    if (file.size === 0) return setRefused(t('web.import.nothing_in_it'));
    setSent({ name: file.name, done: 0, of: file.size });
    void deed
      .run(async () => {
        const { json } = await host.api<{ import: Import; part_bytes: number }>(
          'POST',
          `/directories/${encodeURIComponent(slug)}/imports`,
          { name: file.name, size: file.size },
        );
        const id = json.import.id;
        await send(
          file,
          json.part_bytes,
          (n, octets) => host.api('PUT', `/imports/${id}/parts/${n}`, octets),
          (done) => setSent({ name: file.name, done, of: file.size }),
        );
        await host.api('POST', `/imports/${id}/preview`, {});
        go({ screen: 'desk', directory: slug, desk: 'imports', item: String(id), query: '' });
      })
      .then((done) => !done && setSent(null));
  };
  return (
    <section
      class={over ? 'cl-card an-drop over' : 'cl-card an-drop'}
      aria-label={t('web.import.file')}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        start(event.dataTransfer?.files[0]);
      }}
    >
      {sent ? (
        <Progress
          label={t('web.import.sending', {
            name: sent.name,
            percent: number(Math.floor((sent.done / sent.of) * 100)),
          })}
          done={sent.done}
          of={sent.of}
        />
      ) : (
        <>
          <p>{t('web.import.drop')}</p>
          <input
            ref={input}
            type="file"
            class="cl-visually-hidden"
            tabIndex={-1}
            aria-label={t('web.import.choose')}
            accept=".csv,.txt,.tsv,.xlsx,.vcf,text/csv,text/vcard"
            onChange={(event) => start(event.currentTarget.files?.[0])}
          />
          <Button kind="primary" icon="import" onClick={() => input.current?.click()}>
            {t('web.import.choose')}
          </Button>
          <p class="an-hint">{t('web.import.formats')}</p>
        </>
      )}
      {refused && (
        <p class="an-error" role="alert">
          {refused}
        </p>
      )}
      {deed.error && <Failure error={deed.error} />}
    </section>
  );
}
