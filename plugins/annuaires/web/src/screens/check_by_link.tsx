// Where the mail "still correct?" leads: no session, one question. Opening the page changes nothing, its button does:
// filters of mail open links too.
import { useState } from 'preact/hooks';
import { useAnswer, useApp, useDeed, useTitle } from '@/app/context';
import type { Both, FieldType, Values } from '@/app/model';
import { changedKeys } from '@/pure/diff';
import { both, forRoute } from '@/pure/values';
import { Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Empty, Failure, Head, Notice, Say, Waiting } from '@/ui/parts';
import { Value, plainText } from '@/ui/value';
import { BothFields } from './values_form';

interface Asked {
  entry: {
    name: Both | string;
    directory: Both;
    /** `value`: the words that the server made of it; `raw`: what an input holds. */
    values: {
      field: string;
      label: Both;
      value: string;
      raw: unknown;
      type: FieldType;
      bilingual: boolean;
    }[];
  };
  expires_on: string;
  done: boolean;
}

export function CheckByLink({ token }: { token: string }) {
  const { t, day, say } = useApp();
  const path = `/public/check/${encodeURIComponent(token)}`;
  const { data, error, again } = useAnswer<Asked>(path);
  const [done, setDone] = useState(false);
  useTitle(t('web.check.title'));
  if (error?.status === 404) return <Empty title={t('web.check.over')}>{t('web.check.over_why')}</Empty>;
  if (error && !data) return <Failure error={error} again={again} />;
  if (!data) return <Waiting />;
  if (done || data.done) {
    return (
      <>
        <Head title={t('web.check.thanks')} />
        <Notice kind="ok" role="status">
          {t('web.check.thanks_what')}
        </Notice>
      </>
    );
  }
  return (
    <>
      <Head title={t('web.check.title')}>
        <p class="an-lede">
          {t('web.check.lede', { name: say(data.entry.name), directory: say(data.entry.directory) })}
        </p>
      </Head>
      <Answer asked={data} path={path} onDone={() => setDone(true)} />
      <p class="an-hint">{t('web.check.until', { day: day(data.expires_on) })}</p>
    </>
  );
}

function Answer({ asked, path, onDone }: { asked: Asked; path: string; onDone(): void }) {
  const { t, host } = useApp();
  const deed = useDeed();
  const [correcting, setCorrecting] = useState(false);
  const send = (body: object) =>
    deed.run(() => host.api('POST', path, body)).then((sent) => sent && onDone());
  if (correcting)
    return <Correcting asked={asked} path={path} onDone={onDone} onCancel={() => setCorrecting(false)} />;
  return (
    <Card title={<Say value={asked.entry.name} />}>
      <dl class="an-values">
        {asked.entry.values
          .filter((one) => one.value)
          .map((one) => (
            <div key={one.field}>
              <dt>
                <Say value={one.label} />
              </dt>
              <dd>
                {ownLook.includes(one.type) ? (
                  <Value field={{ key: one.field, type: one.type, options: [] }} value={one.raw} />
                ) : (
                  one.value
                )}
              </dd>
            </div>
          ))}
      </dl>
      {deed.error && <Failure error={deed.error} />}
      <div class="an-row wrap">
        <Button kind="primary" icon="check" busy={deed.busy} onClick={() => void send({ correct: true })}>
          {t('web.check.correct')}
        </Button>
        <Button icon="edit" onClick={() => setCorrecting(true)}>
          {t('web.check.wrong')}
        </Button>
      </div>
    </Card>
  );
}

/** Drawn from what they are; of the others the server knows the words, as of territories. */
const ownLook: FieldType[] = ['email', 'phone', 'url', 'date', 'number', 'address'];
/** Texts are corrected in place; anything that is chosen from a list is said in the note. */
const inputs = { phone: 'tel', email: 'email', url: 'url', date: 'date' } as const;
const inputOf = (type: FieldType) => (type in inputs ? inputs[type as keyof typeof inputs] : 'text');
const typed: FieldType[] = ['text', 'long', 'phone', 'email', 'url', 'date', 'number'];

function Correcting({
  asked,
  path,
  onDone,
  onCancel,
}: {
  asked: Asked;
  path: string;
  onDone(): void;
  onCancel(): void;
}) {
  const { t, host, say } = useApp();
  const deed = useDeed();
  const before: Values = Object.fromEntries(asked.entry.values.map((one) => [one.field, one.raw]));
  const [values, setValues] = useState<Values>(before);
  const [note, setNote] = useState('');
  const wrong = useWrong(deed.error);
  const [nothing, setNothing] = useState(false);
  const isTyped = (key: string) =>
    asked.entry.values.some((one) => one.field === key && typed.includes(one.type));
  const send = (event: Event) => {
    event.preventDefault();
    const keys = changedKeys(before, values);
    if (!keys.length && !note.trim()) return setNothing(true);
    const field = (key: string) => asked.entry.values.find((one) => one.field === key)!;
    const sent = Object.fromEntries(keys.map((key) => [key, forRoute({ ...field(key), key }, values[key])]));
    void deed
      .run(() => host.api('POST', path, { correct: false, values: sent, note: note.trim() || undefined }))
      .then((done) => done && onDone());
  };
  return (
    <form noValidate class="an-form" ref={wrong.form} onSubmit={send}>
      <Card title={<Say value={asked.entry.name} />}>
        {asked.entry.values
          .filter((one) => typed.includes(one.type))
          .map((one) =>
            one.bilingual ? (
              <BothFields
                key={one.field}
                label={say(one.label)}
                long={one.type === 'long'}
                value={both(values[one.field])}
                onValue={(value) => setValues({ ...values, [one.field]: value })}
                error={wrong.at[one.field]}
              />
            ) : (
              <Text
                key={one.field}
                label={say(one.label)}
                type={inputOf(one.type)}
                long={one.type === 'long'}
                value={plainText(values[one.field])}
                onText={(value) => setValues({ ...values, [one.field]: value })}
                error={wrong.at[one.field]}
              />
            ),
          )}
        <Text
          label={t('web.check.note')}
          hint={t('web.check.note_hint')}
          long
          value={note}
          onText={setNote}
          error={wrong.at['note']}
        />
      </Card>
      <Refused error={deed.error} shows={(key) => isTyped(key) || key === 'note'} />
      {nothing && <Notice role="status">{t('web.form.nothing')}</Notice>}
      <div class="an-form-foot">
        <Button type="submit" kind="primary" busy={deed.busy}>
          {t('web.form.send')}
        </Button>
        <Button kind="quiet" onClick={onCancel}>
          {t('web.cancel')}
        </Button>
      </div>
    </form>
  );
}
