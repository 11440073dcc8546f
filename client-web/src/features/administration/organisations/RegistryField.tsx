import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { checkNumber, type CheckedNumber, type RegistryKind } from '@/api';
import { useI18n, type Translate } from '@/i18n';
import { TextField } from '@/ui';

/** Typing goes on for so long before the number is looked at. */
const kPauseMs = 400;

/** What is wrong with a number, with the group to look at and the likely slip; nothing while it is right. */
export function numberProblem(
  kind: RegistryKind,
  checked: CheckedNumber | undefined,
  t: Translate,
): string | null {
  if (!checked || checked.valid) return null;
  if (checked.code !== 'registry_number_check') return t(`people.number.form.${kind}`);
  if (checked.corrected) return t('people.number.check.corrected', { corrected: checked.corrected });
  if (!checked.suspect) return t('people.number.check');
  return t('people.number.check.group', {
    from: checked.suspect.from + 1,
    to: checked.suspect.from + checked.suspect.length,
  });
}

export function RegistryField({
  kind,
  value,
  onChange,
  error,
}: {
  kind: RegistryKind;
  value: string;
  onChange: (value: string) => void;
  error: string | null;
}) {
  const { t } = useI18n();
  const [asked, setAsked] = useState(value.trim());
  useEffect(() => {
    const timer = setTimeout(() => setAsked(value.trim()), kPauseMs);
    return () => clearTimeout(timer);
  }, [value]);
  const { data } = useQuery({
    queryKey: ['registry-number', kind, asked],
    queryFn: ({ signal }) => checkNumber(kind, asked, signal),
    enabled: asked !== '',
    staleTime: Infinity,
  });
  const settled = asked === value.trim();
  const problem = asked === '' || !settled ? null : numberProblem(kind, data, t);
  return (
    <TextField
      label={t(`people.number.${kind}`)}
      hint={
        settled && data?.valid
          ? t('people.number.valid', { number: data.display })
          : t(`people.number.${kind}.hint`)
      }
      value={value}
      onChange={onChange}
      error={problem ?? error}
      autoComplete="off"
    />
  );
}
