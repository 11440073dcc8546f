import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import Plus from 'icon:plus';
import Languages from 'icon:languages';
import { errorText, restoreTerm, termQueries, withdrawTerm, type Term } from '@/api';
import { fold } from '@/app/search_text';
import { headOf } from '@/features/terms';
import { useI18n } from '@/i18n';
import { Button, EmptyState, ErrorNotice, PageHead, SearchField, Skeleton, Table, Tag, toast } from '@/ui';
import { TermDialog } from './TermDialog';

const hayOf = (term: Term): string =>
  fold(term.wordings.flatMap((each) => [each.word, ...each.forms]).join(' '));

/** The terminology base as the secretariat keeps it: what is shipped, what was added, and what is withdrawn. */
export default function TermsPage() {
  const { t } = useI18n();
  const { data, error, refetch } = useQuery(termQueries.allTerms());
  const [query, setQuery] = useState('');
  const [editing, setEditing] = useState<Term | 'new' | null>(null);
  const terms = useMemo(() => data?.terms ?? [], [data]);
  const shown = useMemo(
    () => terms.filter((each) => hayOf(each).includes(fold(query.trim()))),
    [terms, query],
  );
  return (
    <>
      <PageHead
        title={t('terms.admin.title')}
        lede={t('terms.admin.lede')}
        actions={
          <Button kind="primary" icon={Plus} onPress={() => setEditing('new')}>
            {t('terms.add')}
          </Button>
        }
      />
      <div className="adm-find">
        <SearchField
          label={t('terms.search')}
          placeholder={t('terms.search')}
          value={query}
          onChange={setQuery}
        />
      </div>
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={8} />
        ))}
      {data && shown.length === 0 && <EmptyState icon={Languages} title={t('terms.none')} />}
      {shown.length > 0 && (
        <div className="panel">
          <Table
            className="terms-t"
            caption={t('terms.admin.title')}
            columns={[
              { id: 'word', title: t('terms.word') },
              { id: 'others', title: t('terms.counterparts'), secondary: true },
              { id: 'state', title: t('terms.state'), narrow: false },
              { id: 'acts', title: t('terms.acts'), align: 'end' },
            ]}
          >
            {shown.map((each) => (
              <Line key={each.id} term={each} onEdit={() => setEditing(each)} />
            ))}
          </Table>
        </div>
      )}
      {editing && (
        <TermDialog
          key={editing === 'new' ? 'new' : editing.id}
          {...(editing === 'new' ? {} : { term: editing })}
          terms={terms}
          onClose={() => setEditing(null)}
        />
      )}
    </>
  );
}

function Line({ term, onEdit }: { term: Term; onEdit: () => void }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const first = headOf(term);
  const others = term.wordings.filter((each) => each !== first);
  const word = first?.word ?? term.id;
  const act = useMutation({
    mutationFn: async (what: 'withdraw' | 'restore') => {
      if (what === 'withdraw') await withdrawTerm(term.id);
      else await restoreTerm(term.id);
    },
    onSuccess: (_, what) =>
      toast({ text: t(what === 'withdraw' ? 'terms.withdrawn' : 'terms.restored', { word }) }),
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
    onSettled: () => client.invalidateQueries({ queryKey: termQueries.terms().queryKey }),
  });
  const button = (what: 'withdraw' | 'restore', label: string) => (
    <Button size="s" kind="quiet" isPending={act.isPending} onPress={() => act.mutate(what)}>
      {label} <span className="vh">{word}</span>
    </Button>
  );
  const state = term.withdrawn_at ? (
    <Tag tone="no">{t('terms.state.withdrawn', { date: format.date(term.withdrawn_at) })}</Tag>
  ) : (
    <Tag tone={term.shipped && !term.changed ? 'plain' : 'info'}>
      {t(term.shipped ? (term.changed ? 'terms.state.changed' : 'terms.state.shipped') : 'terms.state.own')}
    </Tag>
  );
  return (
    <tr data-term-id={term.id}>
      <th scope="row">
        <span lang={first?.language}>{word}</span>{' '}
        {term.warning && <Tag tone="wait">{t('terms.false.friend')}</Tag>}{' '}
        <span className="only-s">{state}</span>
      </th>
      <td className="hide-m">
        {others.map((each) => (
          <span key={each.language} lang={each.language} className="rights-under">
            {each.word}
          </span>
        ))}
      </td>
      <td className="hide-s">{state}</td>
      <td className="r">
        <div className="adm-acts">
          {!term.withdrawn_at && (
            <Button size="s" onPress={onEdit}>
              {t('terms.edit')} <span className="vh">{word}</span>
            </Button>
          )}
          {term.withdrawn_at
            ? button('restore', t('terms.restore'))
            : button('withdraw', t('terms.withdraw'))}
          {!term.withdrawn_at && term.changed && button('restore', t('terms.as.shipped'))}
        </div>
      </td>
    </tr>
  );
}
