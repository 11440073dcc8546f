import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';

const languages = ['fr', 'de'] as const;

/** The language that something is written in, which is not that of the interface. */
export function ContentLanguage({
  label,
  value,
  auto = false,
  onChange,
}: {
  label: string;
  value: string;
  /** Offers to leave it to the text: the value is then `auto`. */
  auto?: boolean;
  onChange: (language: string) => void;
}) {
  const { t } = useI18n();
  return (
    <Select label={label} value={value} onChange={(key) => onChange(String(key))}>
      {auto && (
        <Option id="auto" textValue={t('languages.auto')}>
          {t('languages.auto')}
        </Option>
      )}
      {languages.map((each) => (
        <Option key={each} id={each} textValue={t(`language.${each}`)}>
          {t(`language.${each}`)}
        </Option>
      ))}
    </Select>
  );
}
