// The imports of a directory, and the way to a new one: a file.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Import } from '@/app/model';
import type { MessageKey } from '@/host';
import { send } from '@/pure/upload';
import { FileDrop } from '@/ui/file_drop';
import { Card, Empty, Failure, Progress, Tag, To, Waiting } from '@/ui/parts';
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

function Drop({ slug }: { slug: string }) {
  const { t, host, go, number } = useApp();
  const deed = useDeed();
  const [sent, setSent] = useState<{ name: string; done: number; of: number } | null>(null);
  const [refused, setRefused] = useState('');
  const start = (file: File) => {
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
    <FileDrop
      label={t('web.import.file')}
      choose={t('web.import.choose')}
      icon="import"
      accept=".csv,.txt,.tsv,.xlsx,.vcf,text/csv,text/vcard"
      text={t('web.import.drop')}
      hint={t('web.import.formats')}
      busy={
        sent && (
          <Progress
            label={t('web.import.sending', {
              name: sent.name,
              percent: number(Math.floor((sent.done / sent.of) * 100)),
            })}
            done={sent.done}
            of={sent.of}
          />
        )
      }
      onFile={start}
    >
      {refused && (
        <p class="an-error" role="alert">
          {refused}
        </p>
      )}
      {deed.error && <Failure error={deed.error} />}
    </FileDrop>
  );
}
