import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect, useState, type FormEvent } from 'react';
import Download from 'icon:download';
import LogOut from 'icon:log-out';
import { changePassword, endSession, errorText, myExportUrl, queries, type Theme } from '@/api';
import { paths } from '@/app/paths';
import { daysText } from '@/app/days';
import { useContributions } from '@/app/extensions';
import { useForm } from '@/app/form';
import { NewPasswordField, PasswordField } from '@/app/person_fields';
import { chooseLocale, saveMe, signOut, useMe } from '@/app/session';
import { setTheme, useTheme } from '@/app/theme';
import { useTitle } from '@/app/title';
import { locales, useI18n, withWords, type Locale } from '@/i18n';
import {
  Button,
  ButtonLink,
  Card,
  CountryTag,
  ErrorNotice,
  Option,
  PageHead,
  Select,
  Skeleton,
  Switch,
  Tag,
  TextField,
  toast,
} from '@/ui';
import { AppPasswords } from './AppPasswords';
import { ContactDetails } from './ContactDetails';
import { ContentLanguages } from './ContentLanguages';
import { Notifications } from './Notifications';
import { SignInWaysCards } from './SignInWays';
import './account.css';

const ExtensionCards = lazy(withWords(['extensions'], () => import('@/features/extensions/Cards')));

export function AccountPage() {
  const hasSettings = useContributions('settings').length > 0;
  const { t } = useI18n();
  useTitle(t('nav.account'));
  const me = useMe();

  // `/compte#sessions`: the screen is drawn after the address was read.
  useEffect(() => {
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, []);

  return (
    <div className="page acc">
      <PageHead
        title={t('nav.account')}
        lede={
          <>
            {me.email}
            {me.organisation && (
              <>
                , {me.organisation.name} <CountryTag country={me.organisation.country} />
              </>
            )}
          </>
        }
        actions={
          <Button icon={LogOut} onPress={() => void signOut()}>
            {t('action.sign.out')}
          </Button>
        }
      />
      <div className="acc-g">
        <div>
          <Identity />
          <ContactDetails />
          <Mandates />
          <Password />
        </div>
        <div>
          <Appearance />
          <ContentLanguages />
          <Notifications />
          {hasSettings && (
            <Suspense>
              <ExtensionCards slot="settings" />
            </Suspense>
          )}
          <Sessions />
          <SignInWaysCards />
          <AppPasswords />
          <MyData />
        </div>
      </div>
    </div>
  );
}

/** Name and function save by themselves when one leaves the field: there is no button. */
function Identity() {
  const { t } = useI18n();
  const me = useMe();
  return (
    <Card title={t('account.identity')}>
      <div className="panel-b form">
        <SelfSaving
          label={t('field.name')}
          value={me.name}
          required
          save={(name) => saveMe({ name })}
          autoComplete="name"
        />
        <SelfSaving
          label={t('field.function')}
          hint={t('field.function.hint')}
          value={me.function}
          save={(text) => saveMe({ function: text })}
          autoComplete="organization-title"
        />
      </div>
    </Card>
  );
}

/** The functions one holds; those that have ended stay to be read. */
function Mandates() {
  const { t, format } = useI18n();
  const me = useMe();
  return (
    <Card title={t('hat.mandates')} count={me.mandates.length}>
      <p className="panel-b muted mb-0">
        {t(me.mandates.length > 0 ? 'hat.mandates.hint' : 'hat.mandates.none')}
      </p>
      <ul className="rows">
        {me.mandates.map((each) => (
          <li key={each.id} className="row">
            <div className="grow">
              <p className="strong">
                {each.function} {each.id === me.hat?.id && <Tag tone="ok">{t('hat.worn')}</Tag>}
                {!each.is_current && <Tag tone="line">{t('people.not.current')}</Tag>}
              </p>
              <p className="meta">
                {each.organisation.name}, {daysText(each, t, format)}
              </p>
            </div>
          </li>
        ))}
      </ul>
    </Card>
  );
}

interface SelfSavingProps {
  label: string;
  hint?: string;
  value: string;
  required?: boolean;
  autoComplete: string;
  save: (value: string) => Promise<void>;
}

function SelfSaving({ label, hint, value, required, autoComplete, save }: SelfSavingProps) {
  const { t, format } = useI18n();
  const [text, setText] = useState(value);
  const [state, setState] = useState<'rest' | 'saving' | 'empty' | { at: Date } | { failed: string }>('rest');
  const commit = async () => {
    const wanted = text.trim();
    if (required && !wanted) return setState('empty');
    if (wanted === value) return;
    setState('saving');
    try {
      await save(wanted);
      setState({ at: new Date() });
    } catch (error) {
      setState({ failed: errorText(error) });
    }
  };
  const note =
    state === 'saving'
      ? t('account.saving')
      : typeof state === 'object' && 'at' in state
        ? t('account.saved', { time: format.time(state.at) })
        : hint;
  return (
    <TextField
      label={label}
      value={text}
      onChange={setText}
      onBlur={() => void commit()}
      onKeyDown={(event) => {
        if (event.key === 'Enter') void commit();
        else event.continuePropagation();
      }}
      autoComplete={autoComplete}
      hint={note}
      error={
        state === 'empty'
          ? t('account.needed')
          : typeof state === 'object' && 'failed' in state
            ? state.failed
            : null
      }
    />
  );
}

function Appearance() {
  const { t, locale } = useI18n();
  const me = useMe();
  const theme = useTheme();
  return (
    <Card title={t('account.appearance')}>
      <div className="panel-b form">
        <Select
          label={t('shell.language')}
          hint={t('account.language.hint')}
          value={locale}
          onChange={(key) => void chooseLocale(key as Locale)}
        >
          {locales.map((each) => (
            <Option key={each} id={each} textValue={t(`locale.${each}`)}>
              {t(`locale.${each}`)}
            </Option>
          ))}
        </Select>
        <Select
          label={t('shell.theme')}
          value={theme}
          onChange={(key) => {
            setTheme(key as Theme);
            void saveMe({ theme: key as Theme }).catch(() => undefined);
          }}
        >
          {(['system', 'light', 'dark'] as const).map((each) => (
            <Option key={each} id={each} textValue={t(`theme.${each}`)}>
              {t(`theme.${each}`)}
            </Option>
          ))}
        </Select>
        <Switch
          isSelected={me.single_keys}
          onChange={(on) => void saveMe({ single_keys: on }).catch(() => undefined)}
          hint={<span className="block">{t('account.keys.hint')}</span>}
        >
          {t('account.keys')}
        </Switch>
        <Switch
          isSelected={me.marks_terms}
          onChange={(on) => void saveMe({ marks_terms: on }).catch(() => undefined)}
          hint={<span className="block">{t('account.terms.hint')}</span>}
        >
          {t('account.terms')}
        </Switch>
      </div>
    </Card>
  );
}

function Password() {
  const { t } = useI18n();
  const client = useQueryClient();
  const me = useMe();
  const send = useMutation({
    mutationFn: changePassword,
    onSuccess: () => {
      form.clear();
      toast({ text: t('account.password.done') });
      void client.invalidateQueries({ queryKey: queries.sessions().queryKey });
    },
  });
  const form = useForm({ current: '', password: '' }, send.error, {
    password_wrong: 'current',
    password_weak: 'password',
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(form.values);
  };
  return (
    <Card title={t('account.password')}>
      <form className="panel-b form" onSubmit={submit} noValidate>
        {form.above && <ErrorNotice title={form.above} />}
        {/* A password manager needs the account's name beside the password. */}
        <input type="text" name="username" autoComplete="username" value={me.email} readOnly hidden />
        <PasswordField label={t('account.password.current')} {...form.field('current')} />
        <NewPasswordField label={t('account.password.new')} {...form.field('password')} />
        <div className="btns">
          <Button
            type="submit"
            isPending={send.isPending}
            isDisabled={!form.values.current || !form.values.password}
          >
            {t('account.password.submit')}
          </Button>
        </div>
        <p className="hint">{t('account.password.note')}</p>
      </form>
    </Card>
  );
}

function MyData() {
  const { t } = useI18n();
  return (
    <Card title={t('account.data')}>
      <div className="panel-b form">
        <p>{t('account.data.detail')}</p>
        <div className="btns">
          <a className="btn" href={myExportUrl} download>
            <Download />
            {t('account.data.download')}
          </a>
          <ButtonLink kind="quiet" to={paths.register}>
            {t('privacy.register.title')}
          </ButtonLink>
        </div>
      </div>
    </Card>
  );
}

function Sessions() {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const { data, error, refetch } = useQuery(queries.sessions());
  const end = useMutation({
    mutationFn: endSession,
    onSuccess: () => toast({ text: t('account.session.ended') }),
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
    onSettled: () => client.invalidateQueries({ queryKey: queries.sessions().queryKey }),
  });
  return (
    <div id="sessions" className="acc-s">
      <Card title={t('nav.sessions')} count={data?.sessions.length}>
        {!data && (
          <div className="panel-b">
            {error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />}
          </div>
        )}
        <ul className="rows">
          {data?.sessions.map((session) => (
            <li key={session.id} className="row">
              <div className="grow">
                <p className="strong">
                  {session.device} {session.current && <Tag tone="ok">{t('account.session.this')}</Tag>}
                </p>
                <p className="meta">
                  {t('account.session.seen', { when: format.ago(session.last_seen_at) })},{' '}
                  {t('account.session.since', { date: format.date(session.created_at) })}
                </p>
              </div>
              {!session.current && (
                <Button
                  size="s"
                  kind="danger"
                  isDisabled={end.isPending && end.variables === session.id}
                  onPress={() => end.mutate(session.id)}
                  aria-label={t('account.session.end.of', { device: session.device })}
                >
                  {t('account.session.end')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Card>
    </div>
  );
}
