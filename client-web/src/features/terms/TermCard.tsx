import TriangleAlert from 'icon:triangle-alert';
import type { Term, Wording } from '@/api';
import { useI18n } from '@/i18n';
import { CountryTag, Tag } from '@/ui';
import { speaks } from './match';
import './terms.css';

const countries = { 'fr-FR': 'F', 'fr-CH': 'CH', 'de-CH': 'CH' } as const;

/** What the notion is called where it exists: in `language` if it is said there. */
export function headOf(term: Term, language = ''): Wording | undefined {
  const real = term.wordings.filter((each) => !each.rendering);
  return real.find((each) => speaks(each, language)) ?? real[0] ?? term.wordings[0];
}

export interface TermCardProps {
  term: Term;
  /** Its words come first: that of the text one reads. */
  language?: string;
  /** The words of the terms it is confused with. */
  others?: readonly Term[];
  level?: 3 | 4;
  /** Without the other forms and the sources. */
  brief?: boolean;
}

/** One notion: the warning first, then its words in each language with what they mean there. */
export function TermCard({ term, language = '', others = [], level = 3, brief = false }: TermCardProps) {
  const { t, language: ui } = useI18n();
  const Heading = `h${level}` as const;
  const first = headOf(term, language);
  if (!first) return null;
  const confused = others.flatMap((each) => {
    const head = term.confused_with.includes(each.id) ? headOf(each) : undefined;
    return head ? [head] : [];
  });
  return (
    <article className="term-c" data-term-id={term.id}>
      <Heading>
        <span lang={first.language}>{first.word}</span> <CountryTag country={countries[first.language]} />{' '}
        {term.warning && (
          <Tag tone="wait" icon={TriangleAlert}>
            {t('terms.false.friend')}
          </Tag>
        )}
      </Heading>
      {term.warning && <p className="term-w">{term.warning[ui]}</p>}
      <dl className="term-l">
        {[first, ...term.wordings.filter((each) => each !== first)].map((each) => (
          <div key={each.language}>
            <dt>{t(`terms.language.${each.language}`)}</dt>
            <dd lang={each.language}>
              <b>{each.word}</b>
              {each.rendering && (
                <span className="meta" lang={ui}>
                  {' '}
                  ({t('terms.rendering')})
                </span>
              )}
              {!brief && each.forms.length > 0 && <p className="meta">{each.forms.join(', ')}</p>}
              {each.definition && <p>{each.definition}</p>}
              {!brief && each.source && (
                <p className="meta">
                  <cite>{each.source}</cite>
                </p>
              )}
            </dd>
          </div>
        ))}
      </dl>
      {confused.length > 0 && (
        <p className="meta">
          {t('terms.confused', {
            words: confused.map((each) => `${each.word} (${countries[each.language]})`).join(', '),
          })}
        </p>
      )}
    </article>
  );
}
