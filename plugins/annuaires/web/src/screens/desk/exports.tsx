// The directory as a file, in the telephone, on paper. The filters of the list come along in the address.
import { useState } from 'preact/hooks';
import { useApp, useTitle } from '@/app/context';
import type { Directory } from '@/app/model';
import { fromQuery, narrowing, narrowingQuery } from '@/pure/filters';
import type { MessageKey } from '@/host';
import { Checkbox } from '@/ui/fields';
import { Button, Card } from '@/ui/parts';
import { Icon } from '@/ui/icons';
import { Frame } from '../frame';

const formats = ['csv', 'xlsx', 'ods', 'vcf', 'vcf3', 'pdf'] as const;

export function ExportsScreen({ slug, query }: { slug: string; query: string }) {
  const { t } = useApp();
  useTitle(t('web.desk.exports'));
  return (
    <Frame slug={slug} desk="exports" title={t('web.desk.exports')}>
      {({ directory }) => (
        <div class="an-columns even">
          <Files directory={directory} query={query} />
          <Phones directory={directory} />
        </div>
      )}
    </Frame>
  );
}

function Files({ directory, query }: { directory: Directory; query: string }) {
  const { t, host, language } = useApp();
  const filters = fromQuery(query);
  const narrowed = narrowing(filters) > 0 || filters.q !== '';
  const [all, setAll] = useState(false);
  const address = (format: (typeof formats)[number]) => {
    const asked = all ? new URLSearchParams() : narrowingQuery(filters);
    asked.set('lang', language);
    if (format === 'vcf3') asked.set('version', '3.0');
    return host.url(
      `/directories/${encodeURIComponent(directory.slug)}/export/${format === 'vcf3' ? 'vcf' : format}?${asked}`,
    );
  };
  return (
    <Card title={t('web.export.files')}>
      <p class="an-hint">{t('web.export.what')}</p>
      {narrowed && (
        <Checkbox checked={!all} onCheck={(on) => setAll(!on)}>
          {t('web.export.narrowed')}
        </Checkbox>
      )}
      <ul class="an-files">
        {formats.map((format) => (
          <li key={format}>
            <a href={address(format)} download="">
              <Icon name={format === 'pdf' ? 'print' : 'download'} />
              <span>
                <b>{t(`web.export.${format}` as MessageKey)}</b>
                <small>{t(`web.export.${format}_for` as MessageKey)}</small>
              </span>
            </a>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function Phones({ directory }: { directory: Directory }) {
  const { t, host } = useApp();
  const address = new URL(host.url('/dav/'), location.href).href;
  const copy = () =>
    navigator.clipboard.writeText(address).then(
      () => host.toast(t('web.export.copied')),
      () => host.toast(t('web.export.copy_failed')),
    );
  return (
    <Card title={t('web.export.phone')}>
      <p>{t('web.export.phone_what', { name: directory.slug })}</p>
      <p class="an-address-box">
        <code>{address}</code>
        <Button small icon="copy" onClick={() => void copy()}>
          {t('web.export.copy')}
        </Button>
      </p>
      <ol class="an-steps">
        <li>{t('web.export.step_password')}</li>
        <li>{t('web.export.step_iphone')}</li>
        <li>{t('web.export.step_android')}</li>
        <li>{t('web.export.step_thunderbird')}</li>
      </ol>
      <p>
        <a href="/compte">{t('web.export.account')}</a>
      </p>
    </Card>
  );
}
