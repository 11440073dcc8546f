import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  addTerm,
  ApiError,
  changeTerm,
  errorText,
  termFields,
  termLanguages,
  termQueries,
  type Term,
  type TermContent,
  type TermField,
  type TermLanguage,
} from '@/api';
import { headOf } from '@/features/terms';
import { useI18n } from '@/i18n';
import { Button, Checkbox, Dialog, DialogFoot, ErrorNotice, Option, Select, TextField, toast } from '@/ui';

interface Draft {
  word: string;
  forms: string;
  definition: string;
  source: string;
  rendering: boolean;
}

const none: Draft = { word: '', forms: '', definition: '', source: '', rendering: false };

function draftOf(term: Term | undefined, language: TermLanguage): Draft {
  const wording = term?.wordings.find((each) => each.language === language);
  return wording ? { ...wording, forms: wording.forms.join(', ') } : none;
}

/** A term in all its languages. What has no word is not said on that side. */
export function TermDialog({ term, terms, onClose }: { term?: Term; terms: Term[]; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [field, setField] = useState<TermField>(term?.field ?? 'institutions');
  const [drafts, setDrafts] = useState<Record<TermLanguage, Draft>>({
    'fr-FR': draftOf(term, 'fr-FR'),
    'fr-CH': draftOf(term, 'fr-CH'),
    'de-CH': draftOf(term, 'de-CH'),
  });
  const [warning, setWarning] = useState(term?.warning ?? { fr: '', de: '' });
  const [confused, setConfused] = useState<string[]>(term?.confused_with ?? []);
  const send = useMutation({
    mutationFn: (body: TermContent) => (term ? changeTerm(term.id, body) : addTerm(body)),
    onSuccess: (done) => {
      void client.invalidateQueries({ queryKey: termQueries.terms().queryKey });
      toast({ text: t('terms.saved', { word: done.wordings[0]?.word ?? '' }) });
      onClose();
    },
  });
  const wrong = send.error instanceof ApiError ? send.error.field : null;
  const errorOf = (name: string) => (wrong === name ? errorText(send.error) : null);
  const known = termLanguages.flatMap((language) =>
    ['word', 'forms', 'definition', 'source'].map((part) => `${language}.${part}`),
  );
  const above =
    send.error && !(wrong && [...known, 'warning_fr', 'warning_de'].includes(wrong))
      ? errorText(send.error)
      : null;
  const filled = termLanguages.filter((language) => drafts[language].word.trim());
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wordings: TermContent['wordings'] = {};
    for (const language of filled) {
      const { forms, ...rest } = drafts[language];
      wordings[language] = {
        ...rest,
        forms: forms
          .split(',')
          .map((each) => each.trim())
          .filter(Boolean),
      };
    }
    const said = warning.fr.trim() || warning.de.trim();
    send.mutate({ field, wordings, confused_with: confused, warning: said ? warning : null });
  };
  const others = terms.filter((each) => each.id !== term?.id && !each.withdrawn_at);
  return (
    <Dialog title={t(term ? 'terms.edit' : 'terms.add')} isOpen onClose={onClose} wide>
      {above && <ErrorNotice title={above} />}
      <form className="form" onSubmit={submit} noValidate data-testid="term-form">
        <Select label={t('terms.field')} value={field} onChange={(key) => setField(key as TermField)}>
          {termFields.map((each) => (
            <Option key={each} id={each} textValue={t(`terms.field.${each}`)}>
              {t(`terms.field.${each}`)}
            </Option>
          ))}
        </Select>
        {termLanguages.map((language, at) => (
          <WordingFields
            key={language}
            language={language}
            draft={drafts[language]}
            autoFocus={at === 0}
            errorOf={(part) => errorOf(`${language}.${part}`)}
            onChange={(draft) => setDrafts((old) => ({ ...old, [language]: draft }))}
          />
        ))}
        <fieldset className="form ref-f">
          <legend className="strong">{t('terms.false.friend')}</legend>
          <TextField
            label={t('terms.warning.fr')}
            hint={t('terms.warning.hint')}
            lines={2}
            value={warning.fr}
            error={errorOf('warning_fr')}
            onChange={(fr) => setWarning((old) => ({ ...old, fr }))}
          />
          <TextField
            label={t('terms.warning.de')}
            lines={2}
            value={warning.de}
            error={errorOf('warning_de')}
            onChange={(de) => setWarning((old) => ({ ...old, de }))}
          />
          <Select
            label={t('terms.confused.with')}
            value={confused[0] ?? 'none'}
            onChange={(key) => setConfused(key === 'none' ? [] : [String(key), ...confused.slice(1)])}
          >
            <Option id="none" textValue={t('terms.confused.none')}>
              {t('terms.confused.none')}
            </Option>
            {others.map((each) => {
              const head = headOf(each);
              const words = `${head?.word ?? ''} (${head?.language ?? ''})`;
              return (
                <Option key={each.id} id={each.id} textValue={words}>
                  {words}
                </Option>
              );
            })}
          </Select>
        </fieldset>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={filled.length === 0}>
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

interface WordingFieldsProps {
  language: TermLanguage;
  draft: Draft;
  autoFocus: boolean;
  errorOf: (part: string) => string | null;
  onChange: (draft: Draft) => void;
}

function WordingFields({ language, draft, autoFocus, errorOf, onChange }: WordingFieldsProps) {
  const { t } = useI18n();
  const field = (part: 'word' | 'forms' | 'definition' | 'source') => ({
    value: draft[part],
    error: errorOf(part),
    onChange: (value: string) => onChange({ ...draft, [part]: value }),
  });
  return (
    <fieldset className="form ref-f" lang={undefined}>
      <legend className="strong">{t(`terms.language.${language}`)}</legend>
      <div className="adm-pair">
        <TextField label={t('terms.word')} maxLength={120} autoFocus={autoFocus} {...field('word')} />
        <TextField label={t('terms.forms')} hint={t('terms.forms.hint')} {...field('forms')} />
      </div>
      <TextField label={t('terms.definition')} lines={2} maxLength={1000} {...field('definition')} />
      <TextField label={t('terms.source')} maxLength={300} {...field('source')} />
      <Checkbox isSelected={draft.rendering} onChange={(rendering) => onChange({ ...draft, rendering })}>
        {t('terms.rendering.check')}
      </Checkbox>
    </fieldset>
  );
}
