import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import Languages from 'icon:languages';
import { errorText, termLanguages, termQueries, type Term, type TermLanguage } from '@/api';
import { fold } from '@/app/search_text';
import { TermCard } from '@/features/terms';
import { useI18n } from '@/i18n';
import { Card, EmptyState, ErrorNotice, Option, SearchField, Select, Skeleton } from '@/ui';

function holds(term: Term, words: readonly string[], language: TermLanguage | 'all'): boolean {
  const hay = fold(
    term.wordings
      .filter((each) => language === 'all' || each.language === language)
      .map((each) => [each.word, ...each.forms, each.definition].join(' '))
      .join(' '),
  );
  return hay !== '' && words.every((each) => hay.includes(each));
}

/** What things are called on each side, the false friends first. */
export function Terms() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(termQueries.terms());
  const [query, setQuery] = useState(() => new URLSearchParams(location.search).get('q') ?? '');
  const [language, setLanguage] = useState<TermLanguage | 'all'>('all');
  const asked = useDeferredValue(query);
  const terms = data?.terms;
  const found = useMemo(() => {
    const words = fold(asked).split(/\s+/).filter(Boolean);
    return terms?.filter((each) => holds(each, words, language)) ?? [];
  }, [terms, asked, language]);
  if (error) return <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />;
  if (!terms) return <Skeleton lines={8} />;
  const lists = [
    { id: 'false', title: t('terms.false.friends'), terms: found.filter((each) => each.warning) },
    { id: 'others', title: t('terms.others'), terms: found.filter((each) => !each.warning) },
  ].filter((each) => each.terms.length > 0);
  return (
    <div className="ref-c" data-testid="terms">
      <div className="term-f">
        <SearchField
          label={t('terms.search')}
          placeholder={t('terms.search')}
          value={query}
          onChange={setQuery}
        />
        <Select
          label={t('terms.language')}
          value={language}
          onChange={(key) => setLanguage(key as TermLanguage | 'all')}
        >
          {(['all', ...termLanguages] as const).map((each) => (
            <Option key={each} id={each} textValue={t(`terms.language.${each}`)}>
              {t(`terms.language.${each}`)}
            </Option>
          ))}
        </Select>
      </div>
      <p className="meta" role="status">
        {t('terms.count', { count: found.length })}
      </p>
      {found.length === 0 && <EmptyState icon={Languages} title={t('terms.none')} />}
      {lists.map((list) => (
        <Card key={list.id} title={list.title} count={list.terms.length}>
          <ul className="term-list">
            {list.terms.map((each) => (
              <li key={each.id}>
                <TermCard term={each} others={terms} {...(language === 'all' ? {} : { language })} />
              </li>
            ))}
          </ul>
        </Card>
      ))}
    </div>
  );
}
