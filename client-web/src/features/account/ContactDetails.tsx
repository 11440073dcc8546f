import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import {
  audiences,
  contactKinds,
  errorText,
  privacyQueries,
  setContact,
  type Audience,
  type ContactDetail,
  type ContactKind,
} from '@/api';
import { useI18n } from '@/i18n';
import { Card, ErrorNotice, Option, Select, Skeleton, TextField } from '@/ui';

/** How one can be reached, and who may know it: each field by itself. */
export function ContactDetails() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(privacyQueries.mine());
  return (
    <div id="coordonnees" className="acc-s">
      <Card title={t('privacy.contact.title')}>
        <div className="panel-b form">
          <p className="muted mb-0">{t('privacy.contact.detail')}</p>
          {!data &&
            (error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />)}
          {data &&
            contactKinds.map((kind) => (
              <Field key={kind} kind={kind} detail={data.contact.find((each) => each.kind === kind)} />
            ))}
        </div>
      </Card>
    </div>
  );
}

const completions: Record<ContactKind, string> = {
  phone: 'tel',
  mobile: 'tel',
  email: 'email',
  address: 'street-address',
};

function Field({ kind, detail }: { kind: ContactKind; detail: ContactDetail | undefined }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const kept = detail?.value ?? '';
  const [value, setValue] = useState(kept);
  const [audience, setAudience] = useState<Audience>(detail?.audience ?? 'nobody');
  const save = useMutation({
    mutationFn: (wanted: { value: string; audience: Audience }) => setContact(kind, wanted),
    onSuccess: (answer) => {
      client.setQueryData(privacyQueries.mine().queryKey, answer);
      const after = answer.contact.find((each) => each.kind === kind);
      setValue(after?.value ?? '');
      setAudience(after?.audience ?? 'nobody');
    },
    onError: () => setAudience(detail?.audience ?? 'nobody'),
  });
  const label = t(`privacy.contact.${kind}`);
  const hint = save.isPending
    ? t('privacy.contact.saving')
    : detail?.consented_at
      ? t('privacy.consent.since', { date: format.date(detail.consented_at) })
      : kind === 'email'
        ? t('privacy.contact.email.hint')
        : undefined;
  const choose = (wanted: Audience) => {
    setAudience(wanted);
    // Nothing to show yet: the choice is sent with the first value.
    if (value.trim()) save.mutate({ value, audience: wanted });
  };
  return (
    <div className="acc-c">
      <TextField
        label={label}
        type={kind === 'email' ? 'email' : kind === 'address' ? 'text' : 'tel'}
        value={value}
        onChange={setValue}
        onBlur={() => {
          if (value.trim() !== kept) save.mutate({ value, audience });
        }}
        autoComplete={completions[kind]}
        hint={hint}
        error={save.error ? errorText(save.error) : null}
      />
      <Select
        label={t('privacy.audience.of', { field: label })}
        labelHidden
        value={audience}
        onChange={(key) => choose(key as Audience)}
      >
        {audiences.map((each) => (
          <Option
            key={each}
            id={each}
            textValue={t(`privacy.audience.${each}`)}
            {...(each !== 'nobody' && { note: t(`privacy.audience.${each}.note`) })}
          >
            {t(`privacy.audience.${each}`)}
          </Option>
        ))}
      </Select>
    </div>
  );
}
