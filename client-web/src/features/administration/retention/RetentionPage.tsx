import { useQuery } from '@tanstack/react-query';
import UserCheck from 'icon:user-check';
import { errorText, privacyQueries } from '@/api';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { ButtonLink, Card, EmptyState, ErrorNotice, PageHead, Skeleton, Table } from '@/ui';

/** What goes by itself and when; which accounts nobody uses any more. */
export default function RetentionPage() {
  const { t, format } = useI18n();
  const { data, error, refetch } = useQuery(privacyQueries.retention());
  return (
    <>
      <PageHead
        title={t('privacy.keep.title')}
        lede={t('privacy.keep.lede')}
        actions={<ButtonLink to={paths.register}>{t('privacy.register.title')}</ButtonLink>}
      />
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={8} />
        ))}
      {data && (
        <div className="adm-stack">
          <Card title={t('privacy.keep.clocks')}>
            <Table
              caption={t('privacy.keep.title')}
              columns={[
                { id: 'kind', title: t('privacy.keep.kind') },
                { id: 'held', title: t('privacy.keep.held'), align: 'end' },
              ]}
            >
              {data.clocks.map((clock) => (
                <tr key={clock.id}>
                  <th scope="row">{t(`privacy.clock.${clock.id}`, { days: clock.days })}</th>
                  <td className="r num">{format.number(clock.held)}</td>
                </tr>
              ))}
            </Table>
            <p className="panel-b adm-n muted">
              {data.last_sweep
                ? t('privacy.keep.last', { when: format.dateTime(data.last_sweep) })
                : t('privacy.keep.never')}
            </p>
          </Card>
          <Card title={t('privacy.dormant.title')} count={data.dormant.length}>
            {data.dormant.length === 0 ? (
              <EmptyState icon={UserCheck} title={t('privacy.dormant.none')} />
            ) : (
              <>
                <p className="panel-b mb-0">{t('privacy.dormant.detail')}</p>
                <Table
                  caption={t('privacy.dormant.title')}
                  columns={[
                    { id: 'name', title: t('privacy.dormant.name') },
                    { id: 'seen', title: t('privacy.dormant.seen') },
                  ]}
                >
                  {data.dormant.map((each) => (
                    <tr key={each.id}>
                      <th scope="row">
                        {each.name} <span className="meta">{each.email}</span>
                      </th>
                      <td>{format.date(each.last_seen)}</td>
                    </tr>
                  ))}
                </Table>
              </>
            )}
          </Card>
        </div>
      )}
    </>
  );
}
