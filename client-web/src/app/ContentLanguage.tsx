import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';

const languages = ['fr', 'de'] as const;

/** The language that something is written in, which is not that of the interface. */
export function ContentLanguage({
  label,
  value,
  onChange,
}: {
  label: string;
  value: string;
  onChange: (language: string) => void;
}) {
  const { t } = useI18n();
  return (
    <Select label={label} value={value} onChange={(key) => onChange(String(key))}>
      {languages.map((each) => (
        <Option key={each} id={each} textValue={t(`language.${each}`)}>
          {t(`language.${each}`)}
        </Option>
      ))}
    </Select>
  );
}
