import { useQuery, useQueryClient } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { errorText, queries, removeIdentityOf, removePasskeyOf, resetFactorOf, type Person } from '@/api';
import { useProof } from '@/app/proof';
import { useBootstrap } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, Skeleton, toast } from '@/ui';

/** By which ways a person signs in; what is lost is taken away here. */
export function PersonWays({ person }: { person: Person }) {
  const { t, format, language } = useI18n();
  const client = useQueryClient();
  const proof = useProof();
  const providers = useBootstrap().data?.instance.providers ?? [];
  const query = queries.waysOf(person.id);
  const { data: ways, error, refetch } = useQuery(query);
  const used = (each: { last_used_at: string | null; created_at: string }) =>
    each.last_used_at
      ? t('ways.used', { when: format.ago(each.last_used_at) })
      : t('ways.unused', { date: format.date(each.created_at) });
  const remove = (name: string, change: () => Promise<unknown>) => (
    <Button
      size="s"
      kind="danger"
      aria-label={t('ways.remove', { name })}
      onPress={() =>
        void proof.guard(async () => {
          await change();
          await client.invalidateQueries({ queryKey: query.queryKey });
          toast({ text: t('ways.removed', { name }) });
        })
      }
    >
      {t('ways.remove.short')}
    </Button>
  );
  const row = (key: string, title: string, meta: string, end?: ReactNode) => (
    <li key={key} className="row">
      <div className="grow">
        <p className="strong">{title}</p>
        <p className="meta">{meta}</p>
      </div>
      {end}
    </li>
  );
  return (
    <Card title={t('ways.title')}>
      {!ways && (
        <div className="panel-b">
          {error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />}
        </div>
      )}
      {ways && (
        <ul className="rows">
          {row(
            'password',
            t('field.password'),
            t(ways.has_password ? 'ways.password.set' : 'ways.password.none'),
          )}
          {ways.identities.map((each) => {
            const provider = providers.find((one) => one.id === each.provider);
            const name = provider ? (language === 'de' ? provider.label_de : provider.label_fr) : each.issuer;
            return row(
              each.id,
              name,
              [each.shown, used(each)].filter(Boolean).join(', '),
              remove(name, () => removeIdentityOf(person.id, each.id)),
            );
          })}
          {ways.passkeys.map((each) =>
            row(
              each.id,
              each.name,
              `${t('ways.passkey')}, ${used(each)}`,
              remove(each.name, () => removePasskeyOf(person.id, each.id)),
            ),
          )}
          {row(
            'factor',
            t('factor.title'),
            ways.second_factor_since
              ? t('factor.since', { date: format.date(ways.second_factor_since) })
              : t('factor.off'),
            ways.second_factor_since && remove(t('factor.title'), () => resetFactorOf(person.id)),
          )}
        </ul>
      )}
      {proof.dialog}
    </Card>
  );
}
