import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import Blocks from 'icon:blocks';
import { errorText, pluginQueries, switchPlugin, type Plugin } from '@/api';
import { useI18n, type MessageId } from '@/i18n';
import { Card, EmptyState, ErrorNotice, Notice, PageHead, Skeleton, Switch, Tag, type TagTone } from '@/ui';

/** What is installed, what each plugin may do, where it runs and how it fares. */
export default function PluginsPage() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(pluginQueries.list());
  return (
    <>
      <PageHead title={t('plugins.title')} lede={t('plugins.lede')} />
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
            <PluginCard key={each.id} plugin={each} />
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

function PluginCard({ plugin }: { plugin: Plugin }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const send = useMutation({
    mutationFn: switchPlugin,
    onSuccess: (list) => client.setQueryData(pluginQueries.list().queryKey, list),
    onError: () => client.invalidateQueries(pluginQueries.list()),
  });
  const name = plugin.name[language] ?? plugin.id;
  return (
    <Card
      title={name}
      end={<Tag tone={plugin.refused ? 'no' : tones[plugin.state]}>{t(`plugins.state.${plugin.state}`)}</Tag>}
    >
      <div className="panel-b adm-cards">
        {send.error && <ErrorNotice title={errorText(send.error)} />}
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
        <Health plugin={plugin} />
        <Grants grants={plugin.grants} />
      </div>
    </Card>
  );
}

function Health({ plugin }: { plugin: Plugin }) {
  const { t, format } = useI18n();
  const facts: [MessageId, string][] = [
    ['plugins.fact.version', `${plugin.version} (${plugin.id})`],
    ['plugins.fact.host', t(`plugins.host.${plugin.host}`)],
    [
      'plugins.fact.calls',
      t('plugins.calls', { calls: plugin.calls, failures: plugin.failures + plugin.timeouts }),
    ],
    ['plugins.fact.deaths', format.number(plugin.deaths)],
  ];
  if (plugin.memory_bytes > 0)
    facts.push([
      'plugins.fact.memory',
      t('plugins.memory', { n: Math.ceil(plugin.memory_bytes / (1 << 20)) }),
    ]);
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

const kinds = ['route', 'notice', 'ask', 'job'] as const;

/** What was accepted, a sentence for each kind and beside it the names that a developer knows. */
function Grants({ grants }: { grants: string[] }) {
  const { t } = useI18n();
  const of = (kind: string) =>
    grants.filter((each) => each.startsWith(`${kind} `)).map((each) => each.slice(kind.length + 1));
  return (
    <section>
      <h3>{t('plugins.grants')}</h3>
      {grants.length === 0 && <p>{t('plugins.grants.none')}</p>}
      <ul className="adm-plain">
        {kinds
          .filter((kind) => of(kind).length > 0)
          .map((kind) => (
            <li key={kind}>
              {t(`plugins.grant.${kind}`)} <span className="meta">{of(kind).join(' · ')}</span>
            </li>
          ))}
      </ul>
    </section>
  );
}
