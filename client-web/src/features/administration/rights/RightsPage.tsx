import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import KeyRound from 'icon:key-round';
import Plus from 'icon:plus';
import { errorText, getGrants, getRoles, type RoleInfo } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, EmptyState, ErrorNotice, PageHead, Skeleton } from '@/ui';
import { GiveDialog } from './GiveDialog';
import { GrantList } from './GrantList';

export function useRoles(): RoleInfo[] {
  const { locale } = useI18n();
  const { data } = useQuery({
    queryKey: ['roles', locale],
    queryFn: ({ signal }) => getRoles(signal),
    staleTime: Infinity,
  });
  return data?.roles ?? [];
}

/** Who has what, where and until when; and what each role allows, in plain words. */
export default function RightsPage() {
  const { t } = useI18n();
  const roles = useRoles();
  const [isGiving, setGiving] = useState(false);
  const { data, error, refetch, fetchNextPage, hasNextPage } = useInfiniteQuery({
    queryKey: ['grants'],
    queryFn: ({ signal, pageParam }) => getGrants(pageParam ? { before: pageParam } : {}, signal),
    initialPageParam: '',
    getNextPageParam: (last) => last.before,
  });
  const grants = data?.pages.flatMap((page) => page.grants) ?? [];
  return (
    <>
      <PageHead
        title={t('rights.title')}
        lede={t('rights.lede')}
        actions={
          <Button kind="primary" icon={Plus} onPress={() => setGiving(true)}>
            {t('rights.give')}
          </Button>
        }
      />
      <div className="adm-cards">
        {!data &&
          (error ? (
            <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
          ) : (
            <Skeleton lines={6} />
          ))}
        {data && grants.length === 0 && <EmptyState icon={KeyRound} title={t('rights.none')} />}
        {grants.length > 0 && (
          <div className="panel">
            <GrantList grants={grants} roles={roles} />
          </div>
        )}
        {hasNextPage && <Button onPress={() => void fetchNextPage()}>{t('rights.more')}</Button>}
        <Card title={t('rights.roles')} count={roles.length}>
          <dl className="adm-facts panel-b">
            {roles.map((each) => (
              <div key={each.id}>
                <dt>{each.name}</dt>
                <dd>{each.permissions.map((one) => one.words).join(', ')}</dd>
              </div>
            ))}
          </dl>
        </Card>
      </div>
      {isGiving && <GiveDialog roles={roles} onClose={() => setGiving(false)} />}
    </>
  );
}
