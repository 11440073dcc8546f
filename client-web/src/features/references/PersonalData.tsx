import { useQuery } from '@tanstack/react-query';
import Printer from 'icon:printer';
import { activityIds, errorText, privacyQueries, type ProcessingRegister } from '@/api';
import { useI18n, type MessageId } from '@/i18n';
import { Button, Card, ErrorNotice, Skeleton } from '@/ui';
import './references.css';

/** The register of processing: what is kept of people, why, and until when. It prints as it stands. */
export function PersonalData() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(privacyQueries.register());
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!data) return <Skeleton lines={8} />;
  return (
    <div className="ref-c">
      <Card
        title={t('privacy.register.title')}
        end={
          <Button size="s" icon={Printer} onPress={() => print()} className="noprint">
            {t('privacy.register.print')}
          </Button>
        }
      >
        <div className="panel-b">
          <p className="mt-0">{t('privacy.register.detail')}</p>
          <dl className="ref-dl">
            <dt>{t('privacy.register.controller')}</dt>
            <dd>
              {data.controller || <span className="muted">{t('privacy.register.controller.none')}</span>}
            </dd>
            <dt>{t('privacy.register.contact')}</dt>
            <dd>{data.contact || <span className="muted">{t('privacy.register.contact.none')}</span>}</dd>
            {(['rights', 'security', 'transfer'] as const).map((each) => (
              <Entry key={each} term={t(`privacy.register.${each}`)}>
                {t(`privacy.register.${each}.detail`)}
              </Entry>
            ))}
          </dl>
        </div>
      </Card>
      {data.activities.map((activity) => (
        <Activity key={activity.id} activity={activity} />
      ))}
    </div>
  );
}

function Entry({ term, children }: { term: string; children: string }) {
  return (
    <>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </>
  );
}

// What ends by a clock alone has no sentence of its own about its end.
const clocked = ['sign_in', 'invitations', 'notifications'];

function Activity({ activity }: { activity: ProcessingRegister['activities'][number] }) {
  const { t } = useI18n();
  const { id, clocks } = activity;
  // A newer server may know an activity that this client has no words for.
  if (!activityIds.includes(id)) return null;
  return (
    <Card title={t(`privacy.activity.${id}`)}>
      <dl className="ref-dl panel-b">
        {(['purpose', 'basis', 'data', 'recipients'] as const).map((each) => (
          <Entry key={each} term={t(`privacy.register.${each}`)}>
            {t(`privacy.activity.${id}.${each}`)}
          </Entry>
        ))}
        <dt>{t('privacy.register.keep')}</dt>
        <dd>
          {activity.recipient && `${t('privacy.activity.recipient', { host: activity.recipient })} `}
          {!clocked.includes(id) && t(`privacy.activity.${id}.keep` as MessageId)}
          {clocks.length > 0 && (
            <ul className="ref-l">
              {clocks.map((clock) => (
                <li key={clock.id}>{t(`privacy.clock.${clock.id}`, { days: clock.days })}</li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
    </Card>
  );
}
