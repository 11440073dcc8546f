import { useMutation, useQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import { askAccess, confirmAccess, errorText, getAccessForm, type AccessForm } from '@/api';
import { Entry } from '@/app/Entry';
import { useForm } from '@/app/form';
import { paths } from '@/app/paths';
import { EmailField, NameField } from '@/app/person_fields';
import { useBootstrap } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, ComboBox, ErrorNotice, Option, Select, TextField } from '@/ui';
import { useTokenOfLink } from './use_token';

/**
 * Asking for an account without having one. The link of the mail comes back here with its token behind #: looking
 * confirms nothing, pressing the button does.
 */
export default function AskPage() {
  const token = useTokenOfLink();
  const isOpen = useBootstrap().data?.instance.access_requests;
  if (token) return <Confirm token={token} />;
  return isOpen ? <Ask /> : <Closed />;
}

function Back() {
  const { t } = useI18n();
  return (
    <div className="btns">
      <ButtonLink to={paths.home}>{t('link.back')}</ButtonLink>
    </div>
  );
}

function Closed() {
  const { t } = useI18n();
  useTitle(t('ask.title'));
  return (
    <Entry>
      <h1>{t('ask.title')}</h1>
      <p className="lede">{t('ask.off')}</p>
      <Back />
    </Entry>
  );
}

function Confirm({ token }: { token: string }) {
  const { t } = useI18n();
  useTitle(t('ask.confirm.title'));
  const send = useMutation({ mutationFn: () => confirmAccess(token) });
  return (
    <Entry>
      <h1>{t(send.isSuccess ? 'ask.confirmed.title' : 'ask.confirm.title')}</h1>
      <p className="lede" role="status">
        {t(send.isSuccess ? 'ask.confirmed' : 'ask.confirm.lede')}
      </p>
      {send.error && <ErrorNotice title={errorText(send.error)} />}
      {send.error && (
        <div className="btns">
          <Button onPress={() => location.assign(paths.ask)}>{t('ask.again')}</Button>
        </div>
      )}
      {!send.isSuccess && !send.error && (
        <Button
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          onPress={() => send.mutate()}
        >
          {t('ask.confirm.submit')}
        </Button>
      )}
      <Back />
    </Entry>
  );
}

function Ask() {
  const { t, language } = useI18n();
  useTitle(t('ask.title'));
  const hasMail = useBootstrap().data?.instance.mail;
  const [written, setWritten] = useState<AccessForm['language']>(language);
  const send = useMutation({ mutationFn: askAccess });
  const form = useForm({ name: '', email: '', organisation: '', message: '' }, send.error);
  const { data } = useQuery({
    queryKey: ['access-form'],
    queryFn: ({ signal }) => getAccessForm(signal),
    staleTime: Infinity,
  });
  if (send.isSuccess)
    return (
      <Entry>
        <h1>{t('ask.sent.title')}</h1>
        <p className="lede" role="status">
          {hasMail ? t('ask.sent.mail', { email: form.values.email.trim() }) : t('ask.sent.waits')}
        </p>
        {hasMail && <p className="meta">{t('ask.sent.nothing')}</p>}
        <Back />
      </Entry>
    );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const { organisation } = form.values;
    const known = data?.organisations.find((each) => each.name === organisation.trim());
    send.mutate({ ...form.values, organisation_id: known?.id ?? null, language: written });
  };
  return (
    <Entry>
      <h1>{t('ask.title')}</h1>
      <p className="lede">{t('ask.lede')}</p>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <NameField size="l" name="name" {...form.field('name')} />
        <EmailField size="l" name="email" autoComplete="email" {...form.field('email')} />
        <OrganisationField
          names={(data?.organisations ?? []).map((each) => each.name)}
          {...form.field('organisation')}
        />
        <TextField
          label={t('ask.message')}
          hint={t('ask.message.hint')}
          name="message"
          lines={4}
          {...form.field('message')}
        />
        <Select
          label={t('ask.language')}
          value={written}
          onChange={(key) => setWritten(key as AccessForm['language'])}
        >
          <Option id="fr" textValue="Français">
            <span lang="fr">Français</span>
          </Option>
          <Option id="de" textValue="Deutsch">
            <span lang="de">Deutsch</span>
          </Option>
        </Select>
        <Button
          type="submit"
          kind="primary"
          size="l"
          className="wide"
          isPending={send.isPending}
          isDisabled={!form.filled('name', 'email', 'organisation')}
        >
          {t('ask.submit')}
        </Button>
      </form>
      <Back />
    </Entry>
  );
}

/** One that is known here, or another in her own words. */
function OrganisationField({
  names,
  value,
  error,
  onChange,
}: {
  names: string[];
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}) {
  const { t } = useI18n();
  const typed = value.toLocaleLowerCase();
  const items = names
    .filter((each) => each.toLocaleLowerCase().includes(typed))
    .slice(0, 50)
    .map((name) => ({ id: name, name }));
  return (
    <ComboBox
      label={t('ask.organisation')}
      hint={t('ask.organisation.hint')}
      isRequired
      error={error}
      items={items}
      inputValue={value}
      onInputChange={onChange}
      onSelectionChange={(key) => typeof key === 'string' && onChange(key)}
      menuTrigger="input"
      allowsCustomValue
    >
      {items.map((each) => (
        <Option key={each.id} id={each.id} textValue={each.name}>
          {each.name}
        </Option>
      ))}
    </ComboBox>
  );
}
