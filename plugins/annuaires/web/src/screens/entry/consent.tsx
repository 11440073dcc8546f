// Consent to be seen by everybody: given when, how and to whom; taken back with one press, at once.
import { useState } from 'preact/hooks';
import { useApp, useDeed } from '@/app/context';
import type { Entry } from '@/app/model';
import type { ErrorLike } from '@/host';
import { Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Failure, Tag } from '@/ui/parts';

export function ConsentCard({ entry }: { entry: Entry }) {
  const { t, day, host, changed } = useApp();
  const deed = useDeed();
  const [giving, setGiving] = useState(false);
  const given = entry.consent?.given === true;
  if (entry.kind === 'organisation') return null;
  const send = (body: object) =>
    deed.run(async () => {
      await host.api('POST', `/entries/${entry.id}/consent`, body);
      setGiving(false);
      changed();
    });
  const today = new Date().toISOString().slice(0, 10);
  return (
    <Card title={t('web.consent.title')}>
      <p>
        <Tag kind={given ? 'ok' : undefined} icon={given ? 'check' : 'unseen'}>
          {t(given ? 'web.consent.given' : 'web.consent.not_given')}
        </Tag>
      </p>
      {entry.consent && (
        <p class="an-hint">
          {[
            entry.consent.on && t('web.consent.on', { day: day(entry.consent.on) }),
            entry.consent.how,
            entry.consent.by?.name,
          ]
            .filter(Boolean)
            .join(', ')}
        </p>
      )}
      <p class="an-hint">{t('web.consent.why')}</p>
      {deed.error && !giving && <Failure error={deed.error} />}
      {given && (
        <Button
          small
          busy={deed.busy}
          onClick={() =>
            send({ given: false, scope: ['public'], how: t('web.consent.how_screen'), on: today })
          }
        >
          {t('web.consent.withdraw')}
        </Button>
      )}
      {!given && !giving && (
        <Button small onClick={() => setGiving(true)}>
          {t('web.consent.give')}
        </Button>
      )}
      {!given && giving && (
        <Giving
          busy={deed.busy}
          error={deed.error}
          today={today}
          onCancel={() => setGiving(false)}
          onGive={(how, on) => send({ given: true, scope: ['public'], how, on })}
        />
      )}
    </Card>
  );
}

function Giving({
  busy,
  error,
  today,
  onCancel,
  onGive,
}: {
  busy: boolean;
  error: ErrorLike | null;
  today: string;
  onCancel(): void;
  onGive(how: string, on: string): void;
}) {
  const { t } = useApp();
  const [how, setHow] = useState(t('web.consent.how_screen'));
  const [on, setOn] = useState(today);
  const wrong = useWrong(error);
  return (
    <form
      noValidate
      class="an-form"
      ref={wrong.form}
      onSubmit={(event) => {
        event.preventDefault();
        onGive(how, on);
      }}
    >
      <Text
        label={t('web.consent.how')}
        hint={t('web.consent.how_hint')}
        value={how}
        onText={setHow}
        error={wrong.at['how']}
      />
      <Text label={t('web.consent.when')} type="date" value={on} onText={setOn} error={wrong.at['on']} />
      <Refused error={error} shows={(field) => field === 'how' || field === 'on'} />
      <div class="an-row">
        <Button type="submit" small kind="primary" busy={busy}>
          {t('web.consent.give')}
        </Button>
        <Button small kind="quiet" onClick={onCancel}>
          {t('web.cancel')}
        </Button>
      </div>
    </form>
  );
}
