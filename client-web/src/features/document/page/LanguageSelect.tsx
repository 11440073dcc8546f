import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';

/** Written on both sides of the border, then what visitors bring. */
export const kLanguages = ['fr', 'fr-CH', 'de', 'de-CH', 'it', 'rm', 'en'];

/** A language by its own name: «Deutsch (Schweiz)», « français ». */
export function languageName(tag: string): string {
  try {
    const name =
      new Intl.DisplayNames([tag], { type: 'language', languageDisplay: 'standard' }).of(tag) ?? tag;
    return name.charAt(0).toLocaleUpperCase(tag) + name.slice(1);
  } catch {
    return tag;
  }
}

export interface LanguageSelectProps {
  language: string;
  editable: boolean;
  onChange(language: string): void;
}

export function LanguageSelect({ language, editable, onChange }: LanguageSelectProps) {
  const { t } = useI18n();
  const tags = kLanguages.includes(language) ? kLanguages : [language, ...kLanguages];
  return (
    <Select
      label={t('document.language')}
      labelHidden
      size="s"
      isDisabled={!editable}
      value={language}
      onChange={(key) => key && onChange(String(key))}
    >
      {tags.map((tag) => (
        <Option key={tag} id={tag} textValue={languageName(tag)}>
          <span lang={tag}>{languageName(tag)}</span>
        </Option>
      ))}
    </Select>
  );
}
