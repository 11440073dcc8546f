import { encode } from 'uqr';
import { useEffect, useState, type FormEvent } from 'react';
import Copy from 'icon:copy';
import Printer from 'icon:printer';
import { addFactor, ApiError, beginFactor, errorText } from '@/api';
import { useI18n } from '@/i18n';
import { Button, ErrorNotice, Skeleton, TextField, toast } from '@/ui';
import './factor.css';

type Guard = (act: () => Promise<unknown>) => Promise<void>;

/** Sets an authenticator application up: the drawing, a first code, and the codes for when the telephone is lost. */
export function FactorSetup({ guard, onDone }: { guard: Guard; onDone: () => void }) {
  const { t } = useI18n();
  const [made, setMade] = useState<{ secret: string; uri: string } | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const [code, setCode] = useState('');
  const [error, setError] = useState<unknown>(null);
  const [pending, setPending] = useState(false);

  useEffect(() => {
    void guard(async () => setMade(await beginFactor()));
    // Once: a second secret would not be the one that was scanned.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, []);

  if (codes) return <RecoveryCodes codes={codes} onDone={onDone} />;
  if (!made) return <Skeleton lines={6} />;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setPending(true);
    setError(null);
    try {
      setCodes((await addFactor(code)).recovery_codes);
    } catch (failure) {
      setError(failure);
    } finally {
      setPending(false);
    }
  };
  const wrong = error instanceof ApiError && error.code === 'code_wrong';
  return (
    <form className="form" onSubmit={(event) => void submit(event)} noValidate>
      {error !== null && !wrong && <ErrorNotice title={errorText(error)} />}
      <p>{t('factor.scan')}</p>
      <Qr text={made.uri} />
      <p className="meta">{t('factor.key')}</p>
      <p className="factor-key">
        <code>{made.secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      </p>
      <TextField
        name="code"
        label={t('second.code')}
        hint={t('factor.code.hint')}
        inputMode="numeric"
        autoComplete="one-time-code"
        value={code}
        onChange={setCode}
        error={wrong ? errorText(error) : null}
      />
      <div className="btns">
        <Button type="submit" kind="primary" isPending={pending} isDisabled={!code.trim()}>
          {t('factor.submit')}
        </Button>
      </div>
    </form>
  );
}

/** Black on white in either theme: that is what cameras read. */
function Qr({ text }: { text: string }) {
  const { t } = useI18n();
  const { data, size } = encode(text, { border: 2 });
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return (
    <svg className="factor-qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('factor.qr')}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" shapeRendering="crispEdges" />
    </svg>
  );
}

/** Shown once: to be printed, or copied. */
export function RecoveryCodes({ codes, onDone }: { codes: string[]; onDone: () => void }) {
  const { t } = useI18n();
  const copy = () =>
    navigator.clipboard
      .writeText(codes.join('\n'))
      .then(() => toast({ text: t('factor.copied') }))
      .catch(() => toast({ text: t('factor.copy.failed'), kind: 'failure' }));
  return (
    <div className="form">
      <div className="factor-print">
        <h2 className="factor-h">{t('factor.codes')}</h2>
        <p>{t('factor.codes.why')}</p>
        <ol className="factor-codes">
          {codes.map((each) => (
            <li key={each}>
              <code>{each}</code>
            </li>
          ))}
        </ol>
      </div>
      <div className="btns">
        <Button icon={Printer} onPress={() => window.print()}>
          {t('factor.print')}
        </Button>
        <Button icon={Copy} onPress={() => void copy()}>
          {t('factor.copy')}
        </Button>
        <Button kind="primary" onPress={onDone}>
          {t('factor.kept')}
        </Button>
      </div>
    </div>
  );
}
