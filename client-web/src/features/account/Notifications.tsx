import { useQuery, useQueryClient } from '@tanstack/react-query';
import X from 'icon:x';
import {
  changeLevel,
  changeNotificationSettings,
  errorText,
  levels,
  mailChoices,
  notificationQueries,
  type Followed,
  type Level,
  type MailChoice,
  type MailSettings,
  type NotificationSettings,
} from '@/api';
import { useI18n } from '@/i18n';
import { Card, ErrorNotice, IconButton, Link, Notice, Option, Select, Skeleton, toast } from '@/ui';

// Between 5 and 22 (the hours in which clocks change are left out).
const hours = Array.from({ length: 18 }, (_, at) => at + 5);

/** What comes by mail, and what one follows. */
export function Notifications() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(notificationQueries.settings());
  return (
    <div id="notifications" className="acc-s">
      <Card title={t('notifications.title')}>
        {data ? (
          <>
            <MailChoices settings={data} />
            <FollowedList followed={data.followed} />
          </>
        ) : (
          <div className="panel-b">
            {error ? (
              <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
            ) : (
              <Skeleton lines={4} />
            )}
          </div>
        )}
      </Card>
    </div>
  );
}

function MailChoices({ settings }: { settings: NotificationSettings }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const { queryKey } = notificationQueries.settings();
  const save = (change: Partial<MailSettings>) => {
    const { action, info, digest_hour } = { ...settings, ...change };
    client.setQueryData(queryKey, { ...settings, ...change });
    changeNotificationSettings({ action, info, digest_hour })
      .then((saved) => client.setQueryData(queryKey, saved))
      .catch((error: unknown) => {
        client.setQueryData(queryKey, settings);
        toast({ text: errorText(error), kind: 'failure' });
      });
  };
  const hourText = (hour: number) => format.time(new Date(2026, 0, 15, hour));
  const isDaily = settings.action === 'daily' || settings.info === 'daily';
  return (
    <div className="panel-b form">
      {!settings.has_mail && <Notice>{t('notifications.mail.off')}</Notice>}
      <Choice
        label={t('notifications.mail.action')}
        hint={t('notifications.mail.action.hint')}
        value={settings.action}
        onChange={(action) => save({ action })}
      />
      <Choice
        label={t('notifications.mail.info')}
        hint={t('notifications.mail.info.hint')}
        value={settings.info}
        onChange={(info) => save({ info })}
      />
      {isDaily && (
        <Select
          label={t('notifications.mail.hour')}
          value={String(settings.digest_hour)}
          onChange={(key) => key && save({ digest_hour: Number(key) })}
        >
          {hours.map((hour) => (
            <Option key={hour} id={String(hour)} textValue={hourText(hour)}>
              {hourText(hour)}
            </Option>
          ))}
        </Select>
      )}
    </div>
  );
}

function Choice({
  label,
  hint,
  value,
  onChange,
}: {
  label: string;
  hint: string;
  value: MailChoice;
  onChange: (value: MailChoice) => void;
}) {
  const { t } = useI18n();
  return (
    <Select label={label} hint={hint} value={value} onChange={(key) => key && onChange(key as MailChoice)}>
      {mailChoices.map((each) => (
        <Option key={each} id={each} textValue={t(`notifications.mail.${each}`)}>
          {t(`notifications.mail.${each}`)}
        </Option>
      ))}
    </Select>
  );
}

function FollowedList({ followed }: { followed: Followed[] }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const set = (each: Followed, level: Level | null) => {
    changeLevel(each, level)
      .catch((error: unknown) => toast({ text: errorText(error), kind: 'failure' }))
      .finally(() => {
        void client.invalidateQueries({ queryKey: notificationQueries.settings().queryKey });
        void client.invalidateQueries({ queryKey: ['notification-level'] });
      });
  };
  return (
    <>
      <h3 className="acc-h3">{t('notifications.followed')}</h3>
      <p className="panel-b muted mb-0">
        {t(followed.length > 0 ? 'notifications.followed.hint' : 'notifications.followed.none')}
      </p>
      <ul className="rows">
        {followed.map((each) => (
          <li key={each.id} className="row between">
            <div className="grow">
              <Link to={each.url} className="title-l">
                {each.name}
              </Link>
              <p className="meta">{t(`notifications.followed.${each.kind}`)}</p>
            </div>
            <span className="nw row">
              <Select
                label={t('notifications.level.of', { name: each.name })}
                labelHidden
                size="s"
                value={each.level}
                onChange={(key) => key && set(each, key as Level)}
              >
                {levels.map((level) => (
                  <Option key={level} id={level} textValue={t(`notifications.level.${level}`)}>
                    {t(`notifications.level.${level}`)}
                  </Option>
                ))}
              </Select>
              <IconButton
                icon={X}
                size="s"
                label={t('notifications.followed.remove', { name: each.name })}
                onPress={() => set(each, null)}
              />
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}
