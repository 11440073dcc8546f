import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import {
  acceptInvitation,
  ApiError,
  errorText,
  findOrganisations,
  getNewcomer,
  queries,
  type Country,
  type Id,
  type Invitation,
  type Me,
  type NewPerson,
} from '@/api';
import { Entry } from '@/app/Entry';
import { useForm } from '@/app/form';
import { paths } from '@/app/paths';
import { EmailField, FunctionField, NameField, NewPasswordField } from '@/app/person_fields';
import { acceptMe, signOut, useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { T, useI18n } from '@/i18n';
import { Avatar, Button, ButtonLink, ComboBox, CountryTag, ErrorNotice, Option, Skeleton } from '@/ui';
import { CountryChoice } from './CountryChoice';
import { Providers } from './Providers';
import { SignInForm } from './SignInPage';

/** What an invitation link opens: who invites, to what; then an account, or the agreement of the one that is signed in. */
export function InvitationPage({ token }: { token: string }) {
  const { t, format } = useI18n();
  useTitle(t('invitation.title'));
  const me = useBootstrap().data?.me ?? null;
  const { data: invitation, error, refetch } = useQuery(queries.invitation(token));

  if (error) {
    const lost = error instanceof ApiError && (error.status === 404 || error.status === 410);
    return (
      <Entry>
        <h1>{t(lost ? 'invitation.over' : 'invitation.title')}</h1>
        {lost ? (
          <p className="lede">{error.detail || t('invitation.over.detail')}</p>
        ) : (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        )}
        <div className="btns">
          <ButtonLink to={paths.home}>{t(me ? 'notfound.home' : 'signin.submit')}</ButtonLink>
        </div>
      </Entry>
    );
  }
  if (!invitation) {
    return (
      <Entry>
        <h1>{t('invitation.title')}</h1>
        <Skeleton lines={5} />
      </Entry>
    );
  }
  const { invited_by: by } = invitation;
  return (
    <Entry>
      <h1>{t('invitation.title')}</h1>
      <div className="row">
        <Avatar person={by} />
        <p>
          {invitation.workspace ? (
            <T
              id="invitation.to.space"
              values={{
                person: by.name,
                space: invitation.workspace.name,
                role: t(`role.${invitation.role ?? 'reader'}`),
              }}
              parts={{ b: <b /> }}
            />
          ) : (
            <T id="invitation.to.instance" values={{ person: by.name }} parts={{ b: <b /> }} />
          )}
          <span className="meta"> {t('invitation.until', { date: format.date(invitation.expires_at) })}</span>
        </p>
      </div>
      {me ? <Agree token={token} me={me} /> : <Stranger token={token} invitation={invitation} />}
    </Entry>
  );
}

function useEnter() {
  const [, navigate] = useLocation();
  return async ({ me, workspace_id }: { me: Me; workspace_id: Id | null }) => {
    await acceptMe(me);
    navigate(workspace_id ? paths.workspace(workspace_id) : paths.home, { replace: true });
  };
}

function Agree({ token, me }: { token: string; me: Me }) {
  const { t } = useI18n();
  const enter = useEnter();
  const send = useMutation({ mutationFn: () => acceptInvitation(token, {}), onSuccess: enter });
  return (
    <>
      {send.error && <ErrorNotice title={errorText(send.error)} />}
      <Button
        kind="primary"
        size="l"
        className="wide"
        isPending={send.isPending}
        onPress={() => send.mutate()}
      >
        {t('invitation.join.as', { name: me.name })}
      </Button>
      <Button kind="quiet" onPress={() => void signOut()}>
        {t('invitation.other.account')}
      </Button>
    </>
  );
}

function Stranger({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t } = useI18n();
  const [known, setKnown] = useState(false);
  const providers = useBootstrap().data?.instance.providers ?? [];
  // Whoever comes back from a provider has shown who she is, and needs no password.
  const { data: newcomer, isFetched } = useQuery({
    queryKey: ['newcomer'],
    queryFn: ({ signal }) =>
      providers.length > 0 ? getNewcomer(signal).then((answer) => answer.newcomer) : null,
    retry: false,
  });
  return (
    <>
      {known ? (
        <SignInForm invitation={token} />
      ) : (
        <>
          {!newcomer && <Providers invitation={token} />}
          {isFetched && <NewAccount token={token} invitation={invitation} newcomer={newcomer ?? null} />}
        </>
      )}
      <Button kind="quiet" onPress={() => setKnown(!known)}>
        {t(known ? 'invitation.no.account' : 'invitation.have.account')}
      </Button>
    </>
  );
}

function NewAccount({
  token,
  invitation,
  newcomer,
}: {
  token: string;
  invitation: Invitation;
  newcomer: { name: string; email: string } | null;
}) {
  const { t, locale } = useI18n();
  const enter = useEnter();
  const [organisationId, setOrganisationId] = useState<Id | null>(null);
  const [country, setCountry] = useState<Country | null>(null);
  const send = useMutation({
    mutationFn: (body: NewPerson) => acceptInvitation(token, body),
    onSuccess: enter,
  });
  const form = useForm(
    {
      name: newcomer?.name ?? '',
      function: '',
      email: invitation.email ?? newcomer?.email ?? '',
      password: '',
      organisation: '',
    },
    send.error,
    { email_taken: 'email', password_weak: 'password' },
  );
  const { organisation } = form.values;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { organisation: name, password, ...person } = form.values;
    const proof = newcomer ? { with_identity: true as const } : { password };
    const placed = organisationId
      ? { organisation_id: organisationId }
      : { organisation: { name: name.trim(), country: country ?? 'F', kind: 'other' } };
    send.mutate({ ...person, ...proof, ui_locale: locale, ...placed });
  };

  return (
    <>
      {newcomer && <p className="meta">{t('invitation.identity')}</p>}
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <NameField size="l" {...form.field('name')} />
        <FunctionField size="l" {...form.field('function')} />
        <OrganisationField
          token={token}
          text={organisation}
          error={form.errorOf('organisation')}
          onChange={(text, id) => {
            form.set('organisation', text);
            setOrganisationId(id);
          }}
        />
        {!organisationId && organisation.trim() !== '' && (
          <CountryChoice value={country} onChange={setCountry} />
        )}
        <EmailField size="l" {...form.field('email')} />
        {!newcomer && <NewPasswordField size="l" {...form.field('password')} />}
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={
            !form.filled('name', 'email', 'organisation') ||
            (!newcomer && !form.filled('password')) ||
            (!organisationId && !country)
          }
        >
          {t('invitation.create')}
        </Button>
      </form>
    </>
  );
}

/** One of the organisations that are known, or the name of a new one (then there is no id). */
function OrganisationField({
  token,
  text,
  error,
  onChange,
}: {
  token: string;
  text: string;
  error: string | null;
  onChange: (text: string, id: Id | null) => void;
}) {
  const { t } = useI18n();
  const { data } = useQuery({
    queryKey: ['organisations', token, text],
    queryFn: ({ signal }) => findOrganisations(text, token, signal),
    placeholderData: keepPreviousData,
  });
  const known = data?.organisations ?? [];
  return (
    <ComboBox
      size="l"
      label={t('field.organisation')}
      hint={t('invitation.organisation.hint')}
      error={error}
      items={known}
      loading={data === undefined}
      inputValue={text}
      onInputChange={(typed) => onChange(typed, known.find((each) => each.name === typed)?.id ?? null)}
      onSelectionChange={(key) => {
        const chosen = known.find((each) => each.id === key);
        if (chosen) onChange(chosen.name, chosen.id);
      }}
      allowsCustomValue
      menuTrigger="input"
      empty={t('invitation.organisation.new')}
    >
      {(each) => (
        <Option
          id={each.id}
          textValue={each.name}
          note={each.short_name === each.name ? undefined : each.short_name}
        >
          {each.name} <CountryTag country={each.country} />
        </Option>
      )}
    </ComboBox>
  );
}
