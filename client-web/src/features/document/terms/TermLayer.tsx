// The terms of an open text: marked, explained, and listed in a menu of the bar. Loaded after the text is there.
import { createPortal } from 'react-dom';
import type { Editor } from '@tiptap/core';
import BookOpen from 'icon:book-open';
import type { Term } from '@/api';
import { saveMe, useMe } from '@/app/session';
import { headOf, TermCard } from '@/features/terms';
import { useI18n } from '@/i18n';
import { Button, CountryTag, Popover, Switch, VisuallyHidden } from '@/ui';
import { useTermMarks, useTermsHere } from './use_terms';
import TermPopover from './TermPopover';

export interface TermLayerProps {
  editor: Editor;
  language: string;
  /** Where the button of the list goes; without one there is none. */
  bar: HTMLElement | null;
}

export default function TermLayer({ editor, language, bar }: TermLayerProps) {
  const on = useMe().marks_terms;
  const terms = useTermMarks(editor, language, on);
  const here = useTermsHere(editor, terms);
  const { t } = useI18n();
  return (
    <>
      {on && <TermPopover editor={editor} language={language} terms={terms} />}
      {bar &&
        createPortal(
          <Popover
            label={t('terms.marks')}
            trigger={
              <Button kind="quiet" size="s" icon={BookOpen} data-testid="terms-menu">
                <VisuallyHidden>{t('terms.marks')}</VisuallyHidden> {here.length > 0 && here.length}
              </Button>
            }
          >
            <div className="term-m">
              <Switch
                isSelected={on}
                onChange={(wanted) => void saveMe({ marks_terms: wanted }).catch(() => undefined)}
                hint={<span className="block">{t('terms.marks.hint')}</span>}
              >
                {t('terms.marks.on')}
              </Switch>
              {on && <p className="meta">{t(here.length > 0 ? 'terms.marks.here' : 'terms.marks.none')}</p>}
              <ul>
                {here.map((term) => (
                  <One key={term.id} term={term} language={language} terms={terms} />
                ))}
              </ul>
            </div>
          </Popover>,
          bar,
        )}
    </>
  );
}

function One({ term, language, terms }: { term: Term; language: string; terms: readonly Term[] }) {
  const head = headOf(term, language);
  if (!head) return null;
  return (
    <li>
      <details>
        <summary>
          <span lang={head.language}>{head.word}</span>{' '}
          <CountryTag country={head.language === 'fr-FR' ? 'F' : 'CH'} />
        </summary>
        <TermCard term={term} language={language} others={terms} level={4} brief />
      </details>
    </li>
  );
}
