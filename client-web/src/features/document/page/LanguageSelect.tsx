import type { Document } from '@/api';
import { contentLanguages, languageName } from '@/app/languages';
import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';

export { contentLanguages as kLanguages, languageName };

export interface LanguageSelectProps {
  language: string;
  /** Where nobody chose it: whether it was told from the text, or is that of the space. */
  origin: Document['language_origin'];
  editable: boolean;
  onChange(language: string): void;
}

export function LanguageSelect({ language, origin, editable, onChange }: LanguageSelectProps) {
  const { t } = useI18n();
  const tags = contentLanguages.includes(language) ? contentLanguages : [language, ...contentLanguages];
  const known = (tag: string): string =>
    tag !== language || origin === 'chosen'
      ? languageName(tag)
      : `${languageName(tag)} (${t(`languages.${origin}`)})`;
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
        <Option key={tag} id={tag} textValue={known(tag)}>
          <span lang={tag}>{languageName(tag)}</span>
          {known(tag).slice(languageName(tag).length)}
        </Option>
      ))}
    </Select>
  );
}
