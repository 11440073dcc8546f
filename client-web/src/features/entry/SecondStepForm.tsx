import { useMutation } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Fingerprint from 'icon:fingerprint';
import { answerSecond, ApiError, errorText, type SecondStep } from '@/api';
import { isDismissed, answerWithPasskey } from '@/app/passkeys';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice, TextField } from '@/ui';
import { useWait } from './use_wait';
import { useEntered } from './use_entered';

/** The second step of signing in: a code of the application, a passkey, or a code from paper. */
export default function SecondStepForm({ step, onOver }: { step: SecondStep; onOver: () => void }) {
  const { t } = useI18n();
  const [code, setCode] = useState('');
  const [recovery, setRecovery] = useState(false);
  const enter = useEntered();
  const wait = useWait();
  const onError = (error: unknown) => {
    if (error instanceof ApiError && error.status === 429) wait.start(error.retryAfter ?? 60);
  };
  const send = useMutation({ mutationFn: answerSecond, onSuccess: enter, onError });
  const touch = useMutation({
    mutationFn: async () => answerSecond({ passkey: await answerWithPasskey('second') }),
    onSuccess: enter,
    onError,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ code });
  };
  const failure = [send.error, touch.error].find((error) => error && !isDismissed(error));
  const over = failure instanceof ApiError && failure.code === 'sign_in_step_over';
  return (
    <>
      <p className="lede">{t(recovery ? 'second.recovery.lede' : 'second.lede')}</p>
      {failure && <ErrorNotice title={errorText(failure)} />}
      {step.passkey && (
        <Button
          size="l"
          icon={Fingerprint}
          className="wide"
          isPending={touch.isPending}
          onPress={() => touch.mutate()}
        >
          {t('signin.passkey')}
        </Button>
      )}
      {step.code && (
        <form className="form" onSubmit={submit} noValidate>
          <TextField
            key={recovery ? 'recovery' : 'code'}
            size="l"
            name="code"
            label={t(recovery ? 'second.recovery.code' : 'second.code')}
            inputMode={recovery ? 'text' : 'numeric'}
            autoComplete={recovery ? 'off' : 'one-time-code'}
            autoFocus
            value={code}
            onChange={setCode}
          />
          <Button
            type="submit"
            kind="primary"
            size="l"
            className="wide"
            isPending={send.isPending}
            isDisabled={!code.trim() || wait.left > 0}
          >
            {t('signin.submit')}
          </Button>
        </form>
      )}
      <div className="btns">
        {step.code && (
          <Button
            kind="quiet"
            onPress={() => {
              setCode('');
              setRecovery(!recovery);
            }}
          >
            {t(recovery ? 'second.with.code' : 'second.with.recovery')}
          </Button>
        )}
        <Button kind={over ? 'primary' : 'quiet'} onPress={onOver}>
          {t('second.restart')}
        </Button>
      </div>
      <p className="meta">{t('second.lost')}</p>
    </>
  );
}
