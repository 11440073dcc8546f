import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { FileTrigger } from 'react-aria-components/FileTrigger';
import Blocks from 'icon:blocks';
import RotateCw from 'icon:rotate-cw';
import Upload from 'icon:upload';
import { errorText, pluginQueries, reloadPlugin, switchPlugin, type Plugin } from '@/api';
import { useI18n, type MessageId } from '@/i18n';
import {
  Button,
  Card,
  EmptyState,
  ErrorNotice,
  Notice,
  PageHead,
  Skeleton,
  Switch,
  Tag,
  toast,
  type TagTone,
} from '@/ui';
import { GrantList } from './GrantList';
import { Logs } from './Logs';
import { RemoveDialog } from './RemoveDialog';
import { UploadDialog } from './UploadDialog';
import { useSize } from './size';
import './plugins.css';

/** What is installed, what each plugin may do, where it runs and how it fares. */
export default function PluginsPage() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(pluginQueries.list());
  const [file, setFile] = useState<File | null>(null);
  return (
    <>
      <PageHead
        title={t('plugins.title')}
        lede={t('plugins.lede')}
        actions={
          <FileTrigger acceptedFileTypes={['.cluseplugin']} onSelect={(files) => setFile(files?.[0] ?? null)}>
            <Button icon={Upload}>{t('plugins.upload')}</Button>
          </FileTrigger>
        }
      />
      {file && <UploadDialog file={file} onClose={() => setFile(null)} />}
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} />
        ))}
      {data?.safe_mode && <Notice tone="wait" title={t('plugins.safe')} />}
      {data?.plugins.length === 0 && (
        <EmptyState icon={Blocks} title={t('plugins.none')}>
          {t('plugins.none.detail')}
        </EmptyState>
      )}
      {data && data.plugins.length > 0 && (
        <div className="adm-stack">
          {data.plugins.map((each) => (
            <PluginCard key={each.id} plugin={each} isNamesake={hasNamesake(each, data.plugins)} />
          ))}
        </div>
      )}
    </>
  );
}

const tones: Record<Plugin['state'], TagTone> = {
  running: 'ok',
  starting: 'plain',
  waiting: 'wait',
  off: 'no',
  stopped: 'plain',
};

/** Names are the authors': two plugins may have the same. */
const hasNamesake = (plugin: Plugin, all: Plugin[]) =>
  all.some(
    (other) =>
      other.id !== plugin.id && (other.name.fr === plugin.name.fr || other.name.de === plugin.name.de),
  );

function PluginCard({ plugin, isNamesake }: { plugin: Plugin; isNamesake: boolean }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: switchPlugin,
    onSuccess: (list) => {
      client.setQueryData(pluginQueries.list().queryKey, list);
      void client.invalidateQueries({ queryKey: ['extensions'] });
    },
    onError: () => client.invalidateQueries(pluginQueries.list()),
  });
  const own = plugin.name[language] ?? plugin.id;
  const name = isNamesake ? `${own} (${plugin.id})` : own;
  const [removing, setRemoving] = useState(false);
  const [open, setOpen] = useState(false);
  const restart = useMutation({
    mutationFn: () => reloadPlugin(plugin.id),
    onSuccess: () => toast({ text: t('plugins.restarted', { name }) }),
    onSettled: () => client.invalidateQueries(pluginQueries.list()),
  });
  return (
    <Card
      title={name}
      end={<Tag tone={plugin.refused ? 'no' : tones[plugin.state]}>{t(`plugins.state.${plugin.state}`)}</Tag>}
    >
      <div className="panel-b adm-cards">
        {send.error && <ErrorNotice title={errorText(send.error)} />}
        {restart.error && <ErrorNotice title={errorText(restart.error)} />}
        {plugin.refused && (
          <Notice tone="no" title={t('plugins.refused')}>
            {plugin.refused}
          </Notice>
        )}
        {plugin.state === 'off' && <Notice tone="no" title={t('plugins.off')} />}
        {plugin.not_asked.length > 0 && (
          <Notice tone="wait" title={t('plugins.not_asked')}>
            {plugin.not_asked.join(' · ')}
          </Notice>
        )}
        <Switch
          isSelected={plugin.enabled}
          isDisabled={send.isPending}
          onChange={(enabled) => send.mutate({ id: plugin.id, enabled })}
          hint={send.isPending ? t('plugins.switching') : undefined}
        >
          {t('plugins.active', { name })}
        </Switch>
        {plugin.ui.length > 0 && (
          <Switch
            isSelected={plugin.trusted_ui}
            isDisabled={send.isPending || plugin.trusted_by_operator}
            onChange={(trusted_ui) => send.mutate({ id: plugin.id, trusted_ui })}
            hint={t(plugin.trusted_by_operator ? 'plugins.trust.operator' : 'plugins.trust.hint')}
          >
            {t('plugins.trust')}
          </Switch>
        )}
        <GrantList title={t('plugins.grants')} grants={plugin.grants} />
        <Limits plugin={plugin} />
        <details className="plg-d" onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>{t('plugins.details')}</summary>
          <Health plugin={plugin} />
          <h3>{t('plugins.logs')}</h3>
          {open && <Logs id={plugin.id} name={name} />}
        </details>
        <div className="btns">
          <Button
            size="s"
            icon={RotateCw}
            isDisabled={!plugin.enabled}
            isPending={restart.isPending}
            onPress={() => restart.mutate()}
          >
            {t('plugins.restart')}
          </Button>
          <Button size="s" kind="danger" onPress={() => setRemoving(true)}>
            {t('plugins.remove')}
          </Button>
        </div>
        {removing && <RemoveDialog plugin={plugin} name={name} onClose={() => setRemoving(false)} />}
      </div>
    </Card>
  );
}

function Limits({ plugin }: { plugin: Plugin }) {
  const { t } = useI18n();
  const size = useSize();
  const { limits } = plugin;
  const rows: [MessageId, number, number][] = [
    ['plugins.limit.memory', plugin.memory_bytes, limits.memory_bytes_max],
    ['plugins.limit.database', limits.database_bytes, limits.database_bytes_max],
  ];
  return (
    <section>
      <h3>{t('plugins.limits')}</h3>
      <div className="plg-lim">
        {rows.map(([title, used, max]) => (
          <div key={title}>
            <span>{t(title)}</span>
            <span className="bar" aria-hidden="true">
              <i style={{ width: `${Math.min(100, (100 * used) / Math.max(max, 1))}%` }} />
            </span>
            <span className="num">{t('plugins.limit.of', { used: size(used), max: size(max) })}</span>
          </div>
        ))}
      </div>
    </section>
  );
}

function Health({ plugin }: { plugin: Plugin }) {
  const { t, format } = useI18n();
  const ms = (us: number): string => t('plugins.ms', { n: Math.round(us / 100) / 10 });
  const facts: [MessageId, string][] = [
    ['plugins.fact.version', `${plugin.version} (${plugin.id})`],
    ['plugins.fact.host', t(`plugins.host.${plugin.host}`)],
    [
      'plugins.fact.calls',
      t('plugins.calls', { calls: plugin.calls, failures: plugin.failures + plugin.timeouts }),
    ],
    [
      'plugins.fact.latency',
      t('plugins.latency', { p50: ms(plugin.latency.p50_us), p99: ms(plugin.latency.p99_us) }),
    ],
    ['plugins.fact.deaths', format.number(plugin.deaths)],
    ['plugins.fact.restarts', format.number(plugin.restarts)],
    ['plugins.fact.waiting', format.number(plugin.limits.calls_waiting_max)],
    ['plugins.fact.signer', plugin.signer || t('plugins.signer.none')],
  ];
  if (plugin.passed_over > 0) facts.push(['plugins.fact.passed', format.number(plugin.passed_over)]);
  if (plugin.dropped_lines > 0) facts.push(['plugins.fact.dropped', format.number(plugin.dropped_lines)]);
  if (plugin.last_error) facts.push(['plugins.fact.error', plugin.last_error]);
  return (
    <dl className="adm-facts">
      {facts.map(([title, value]) => (
        <div key={title}>
          <dt>{t(title)}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
