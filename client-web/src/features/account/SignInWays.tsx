import { useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useState, type FormEvent } from 'react';
import Pencil from 'icon:pencil';
import Plus from 'icon:plus';
import Trash from 'icon:trash-2';
import {
  depart,
  errorText,
  newRecoveryCodes,
  queries,
  removeFactor,
  removeIdentity,
  removePasskey,
  renameIdentity,
  renamePasskey,
  type SignInWays,
} from '@/api';
import { paths } from '@/app/paths';
import { createPasskey } from '@/app/passkeys';
import { useProof } from '@/app/proof';
import { useBootstrap } from '@/app/session';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  Dialog,
  DialogFoot,
  ErrorNotice,
  IconButton,
  Skeleton,
  Tag,
  TextField,
  toast,
} from '@/ui';

const FactorSetup = lazy(() =>
  import('@/app/FactorSetup').then((module) => ({ default: module.FactorSetup })),
);
const RecoveryCodes = lazy(() =>
  import('@/app/FactorSetup').then((module) => ({ default: module.RecoveryCodes })),
);

interface Naming {
  title: string;
  name: string;
  save: (name: string) => Promise<unknown>;
}

/** The ways to sign in besides the password: identities of providers, passkeys; and the second factor. */
export function SignInWaysCards() {
  const { t } = useI18n();
  const client = useQueryClient();
  const proof = useProof();
  const [naming, setNaming] = useState<Naming | null>(null);
  const { data: ways, error, refetch } = useQuery(queries.ways());
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: queries.ways().queryKey });
    await client.invalidateQueries({ queryKey: queries.sessions().queryKey });
  };
  const act = (change: () => Promise<unknown>, done?: string) =>
    void proof.guard(async () => {
      await change();
      await refresh();
      if (done) toast({ text: done });
    });
  if (!ways)
    return (
      <Card title={t('ways.title')}>
        <div className="panel-b">
          {error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />}
        </div>
      </Card>
    );
  const parts = { ways, act, name: setNaming };
  return (
    <>
      <Identities {...parts} />
      <Passkeys {...parts} />
      <SecondFactor ways={ways} act={act} guard={proof.guard} refresh={refresh} />
      {naming && <NameDialog {...naming} onClose={() => setNaming(null)} />}
      {proof.dialog}
    </>
  );
}

interface Part {
  ways: SignInWays;
  act: (change: () => Promise<unknown>, done?: string) => void;
  name: (naming: Naming) => void;
}

function Line({
  title,
  meta,
  rename,
  remove,
  what,
}: {
  title: string;
  meta: string;
  what: string;
  rename: () => void;
  remove: () => void;
}) {
  const { t } = useI18n();
  return (
    <li className="row">
      <div className="grow">
        <p className="strong">{title}</p>
        <p className="meta">{meta}</p>
      </div>
      <IconButton icon={Pencil} size="s" label={t('ways.rename', { name: what })} onPress={rename} />
      <IconButton
        icon={Trash}
        size="s"
        kind="danger"
        label={t('ways.remove', { name: what })}
        onPress={remove}
      />
    </li>
  );
}

function useUsed() {
  const { t, format } = useI18n();
  return (each: { created_at: string; last_used_at: string | null }) =>
    each.last_used_at
      ? t('ways.used', { when: format.ago(each.last_used_at) })
      : t('ways.unused', { date: format.date(each.created_at) });
}

function Identities({ ways, act, name }: Part) {
  const { t, language } = useI18n();
  const used = useUsed();
  const providers = useBootstrap().data?.instance.providers ?? [];
  if (providers.length === 0 && ways.identities.length === 0) return null;
  const labelOf = (id: string | null, issuer: string) => {
    const provider = providers.find((each) => each.id === id);
    return provider ? (language === 'de' ? provider.label_de : provider.label_fr) : issuer;
  };
  return (
    <Card title={t('ways.identities')} count={ways.identities.length}>
      <p className="panel-b muted mb-0">{t('ways.identities.hint')}</p>
      <ul className="rows">
        {ways.identities.map((each) => {
          const provider = labelOf(each.provider, each.issuer);
          const title = each.label || provider;
          return (
            <Line
              key={each.id}
              title={title}
              meta={[each.label ? provider : '', each.shown, used(each)].filter(Boolean).join(', ')}
              what={title}
              rename={() =>
                name({
                  title: t('ways.rename', { name: title }),
                  name: each.label,
                  save: (label) => renameIdentity(each.id, label),
                })
              }
              remove={() => act(() => removeIdentity(each.id), t('ways.removed', { name: title }))}
            />
          );
        })}
      </ul>
      {providers.length > 0 && (
        <div className="panel-b btns">
          {providers.map((each) => (
            <Button
              key={each.id}
              icon={Plus}
              onPress={() =>
                act(async () => {
                  const { url } = await depart(each.id, { purpose: 'link', return_to: paths.account });
                  location.assign(url);
                })
              }
            >
              {t('ways.link', { provider: labelOf(each.id, '') })}
            </Button>
          ))}
        </div>
      )}
    </Card>
  );
}

function Passkeys({ ways, act, name }: Part) {
  const { t } = useI18n();
  const used = useUsed();
  const isOn = useBootstrap().data?.instance.passkeys;
  if (!isOn && ways.passkeys.length === 0) return null;
  return (
    <Card title={t('ways.passkeys')} count={ways.passkeys.length}>
      <p className="panel-b muted mb-0">{t('ways.passkeys.hint')}</p>
      <ul className="rows">
        {ways.passkeys.map((each) => (
          <Line
            key={each.id}
            title={each.name}
            meta={used(each)}
            what={each.name}
            rename={() =>
              name({
                title: t('ways.rename', { name: each.name }),
                name: each.name,
                save: (text) => renamePasskey(each.id, text),
              })
            }
            remove={() => act(() => removePasskey(each.id), t('ways.removed', { name: each.name }))}
          />
        ))}
      </ul>
      {isOn && 'credentials' in navigator && (
        <div className="panel-b btns">
          <Button
            icon={Plus}
            onPress={() =>
              act(
                () => createPasskey(t('ways.passkey.name', { number: ways.passkeys.length + 1 })),
                t('ways.passkey.added'),
              )
            }
          >
            {t('ways.passkey.add')}
          </Button>
        </div>
      )}
    </Card>
  );
}

function SecondFactor({
  ways,
  act,
  guard,
  refresh,
}: Pick<Part, 'ways' | 'act'> & {
  guard: (act: () => Promise<unknown>) => Promise<void>;
  refresh: () => Promise<void>;
}) {
  const { t, format } = useI18n();
  const [adding, setAdding] = useState(false);
  const [codes, setCodes] = useState<string[] | null>(null);
  const since = ways.second_factor_since;
  const close = () => {
    setAdding(false);
    setCodes(null);
    void refresh();
  };
  return (
    <Card title={t('factor.title')} end={since && <Tag tone="ok">{t('factor.on')}</Tag>}>
      <div className="panel-b form">
        <p>{since ? t('factor.since', { date: format.date(since) }) : t('factor.hint')}</p>
        {since && <p className="meta">{t('factor.left', { count: ways.recovery_codes_left })}</p>}
        <div className="btns">
          {since ? (
            <>
              <Button onPress={() => act(async () => setCodes((await newRecoveryCodes()).recovery_codes))}>
                {t('factor.new.codes')}
              </Button>
              <Button kind="danger" onPress={() => act(removeFactor, t('factor.removed'))}>
                {t('factor.remove')}
              </Button>
            </>
          ) : (
            // Asked for before the drawing is shown: whoever passes by must not lock her out.
            <Button onPress={() => setAdding(true)}>{t('factor.add')}</Button>
          )}
        </div>
      </div>
      {(adding || codes) && (
        <Dialog title={t(codes ? 'factor.codes' : 'factor.add')} isOpen onClose={close} alert>
          <Suspense fallback={<Skeleton lines={6} />}>
            {codes ? (
              <RecoveryCodes codes={codes} onDone={close} />
            ) : (
              <FactorSetup guard={guard} onDone={close} />
            )}
          </Suspense>
        </Dialog>
      )}
    </Card>
  );
}

function NameDialog({ title, name, save, onClose }: Naming & { onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [text, setText] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save(text)
      .then(() => client.invalidateQueries({ queryKey: queries.ways().queryKey }))
      .then(onClose, (error: unknown) => toast({ text: errorText(error), kind: 'failure' }));
  };
  return (
    <Dialog title={title} isOpen onClose={onClose}>
      <form className="form" onSubmit={submit} noValidate>
        <TextField label={t('ways.name')} autoFocus value={text} onChange={setText} maxLength={80} />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary">
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
