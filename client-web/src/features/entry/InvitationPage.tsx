import { keepPreviousData, useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { useLocation } from 'wouter';
import {
  acceptInvitation,
  ApiError,
  errorText,
  fieldError,
  findOrganisations,
  formError,
  queries,
  type Country,
  type Id,
  type Invitation,
  type Me,
} from '@/api';
import { Entry } from '@/app/Entry';
import { paths } from '@/app/paths';
import { acceptMe, signOut, useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { T, useI18n } from '@/i18n';
import {
  Avatar,
  Button,
  ButtonLink,
  ComboBox,
  CountryTag,
  ErrorNotice,
  Option,
  Skeleton,
  TextField,
} from '@/ui';
import { CountryChoice } from './CountryChoice';
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
  return (
    <>
      {known ? <SignInForm /> : <NewAccount token={token} invitation={invitation} />}
      <Button kind="quiet" onPress={() => setKnown(!known)}>
        {t(known ? 'invitation.no.account' : 'invitation.have.account')}
      </Button>
    </>
  );
}

function NewAccount({ token, invitation }: { token: string; invitation: Invitation }) {
  const { t, locale } = useI18n();
  const enter = useEnter();
  const [name, setName] = useState('');
  const [work, setWork] = useState('');
  const [email, setEmail] = useState(invitation.email ?? '');
  const [password, setPassword] = useState('');
  const [organisationId, setOrganisationId] = useState<Id | null>(null);
  const [organisation, setOrganisation] = useState('');
  const [country, setCountry] = useState<Country | null>(null);
  const { data } = useQuery({
    queryKey: ['organisations', token, organisation],
    queryFn: ({ signal }) => findOrganisations(organisation, token, signal),
    placeholderData: keepPreviousData,
  });
  const send = useMutation({
    mutationFn: () =>
      acceptInvitation(token, {
        name,
        function: work,
        email,
        password,
        ui_locale: locale,
        ...(organisationId
          ? { organisation_id: organisationId }
          : { organisation: { name: organisation.trim(), country: country ?? 'F', kind: 'other' } }),
      }),
    onSuccess: enter,
  });
  const { error } = send;
  const taken = error instanceof ApiError && error.code === 'email_taken' ? errorText(error) : null;
  const above = taken ? null : formError(error, 'name', 'function', 'email', 'password', 'organisation');

  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate();
  };

  return (
    <>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField
          size="l"
          label={t('field.name')}
          value={name}
          onChange={setName}
          autoComplete="name"
          error={fieldError(error, 'name')}
          isRequired
        />
        <TextField
          size="l"
          label={t('field.function')}
          hint={t('field.function.hint')}
          value={work}
          onChange={setWork}
          autoComplete="organization-title"
          error={fieldError(error, 'function')}
        />
        <ComboBox
          size="l"
          label={t('field.organisation')}
          hint={t('invitation.organisation.hint')}
          error={fieldError(error, 'organisation')}
          items={data?.organisations ?? []}
          inputValue={organisation}
          onInputChange={(text) => {
            setOrganisation(text);
            if (
              organisationId &&
              data?.organisations.find((each) => each.id === organisationId)?.name !== text
            )
              setOrganisationId(null);
          }}
          onSelectionChange={(key) => {
            const chosen = data?.organisations.find((each) => each.id === key);
            if (!chosen) return;
            setOrganisationId(chosen.id);
            setOrganisation(chosen.name);
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
        {!organisationId && organisation.trim() !== '' && (
          <CountryChoice value={country} onChange={setCountry} />
        )}
        <TextField
          size="l"
          type="email"
          label={t('field.email')}
          value={email}
          onChange={setEmail}
          autoComplete="username"
          error={taken ?? fieldError(error, 'email')}
          isRequired
        />
        <TextField
          size="l"
          type="password"
          label={t('field.password')}
          hint={t('field.password.hint')}
          value={password}
          onChange={setPassword}
          autoComplete="new-password"
          error={fieldError(error, 'password')}
          isRequired
        />
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={!name || !email || !password || !organisation.trim() || (!organisationId && !country)}
        >
          {t('invitation.create')}
        </Button>
      </form>
    </>
  );
}
