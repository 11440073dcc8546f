import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import FileText from 'icon:file-text';
import Folder from 'icon:folder';
import FolderOpen from 'icon:folder-open';
import Landmark from 'icon:landmark';
import Puzzle from 'icon:puzzle';
import Search from 'icon:search';
import UserRound from 'icon:user-round';
import { useLocation, useSearch } from 'wouter';
import { errorText, queries, search, searchKinds, type Finding, type SearchKind } from '@/api';
import { paths } from '@/app/paths';
import { Runs } from '@/app/Runs';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import {
  Button,
  EmptyState,
  ErrorNotice,
  LanguageTag,
  Link,
  Notice,
  Option,
  PageHead,
  SearchField,
  Select,
  Skeleton,
  TabLinks,
  type IconType,
} from '@/ui';
import './search.css';

const kDebounceMs = 250;
const kEverywhere = 'all';

interface Asked {
  q: string;
  kind: SearchKind | undefined;
  workspace: string | undefined;
}

function readAsked(search: string): Asked {
  const parameters = new URLSearchParams(search);
  return {
    q: parameters.get('q') ?? '',
    kind: searchKinds.find((each) => each === parameters.get('genre')),
    workspace: parameters.get('espace') ?? undefined,
  };
}

function addressOf({ q, kind, workspace }: Asked): string {
  const parameters = new URLSearchParams();
  if (q) parameters.set('q', q);
  if (kind) parameters.set('genre', kind);
  if (workspace) parameters.set('espace', workspace);
  const text = parameters.toString();
  return text ? `${paths.search()}?${text}` : paths.search();
}

/** Everything that holds the words, and that the reader may see. The address says what was asked: it can be sent on. */
export default function SearchPage() {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const asked = readAsked(useSearch());
  const [text, setText] = useState(asked.q);
  const { data: spaces } = useQuery(queries.workspaces());
  useTitle(asked.q ? `${asked.q}, ${t('search.title')}` : t('search.title'));

  // Going back in the history brings the words back too.
  const [shown, setShown] = useState(asked.q);
  if (shown !== asked.q) {
    setShown(asked.q);
    setText(asked.q);
  }
  const { q, kind, workspace } = asked;
  useEffect(() => {
    if (text.trim() === q) return undefined;
    const timer = setTimeout(
      () => navigate(addressOf({ q: text.trim(), kind, workspace }), { replace: true }),
      kDebounceMs,
    );
    return () => clearTimeout(timer);
  }, [text, q, kind, workspace, navigate]);

  return (
    <div className="page">
      <PageHead title={t('search.title')} />
      <form
        className="se-f"
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          navigate(addressOf({ ...asked, q: text.trim() }));
        }}
      >
        <SearchField
          label={t('search.ask')}
          placeholder={t('search.ask')}
          value={text}
          onChange={setText}
          maxLength={200}
          autoFocus={!asked.q}
        />
        <Select
          label={t('search.in')}
          labelHidden
          value={workspace ?? kEverywhere}
          onChange={(key) =>
            navigate(addressOf({ ...asked, workspace: key && key !== kEverywhere ? String(key) : undefined }))
          }
        >
          <Option id={kEverywhere} textValue={t('search.in.all')}>
            {t('search.in.all')}
          </Option>
          {(spaces?.workspaces ?? []).map((each) => (
            <Option key={each.id} id={each.id} textValue={each.name}>
              {each.name}
            </Option>
          ))}
        </Select>
      </form>
      {!workspace && (
        <TabLinks
          label={t('search.kinds')}
          items={[undefined, ...searchKinds].map((each) => ({
            label: t(`search.kind.${each ?? 'all'}`),
            to: addressOf({ ...asked, kind: each }),
            current: each === kind,
          }))}
        />
      )}
      {q ? (
        <Results asked={asked} />
      ) : (
        <EmptyState icon={Search} title={t('search.start')}>
          {t('search.hint')}
        </EmptyState>
      )}
    </div>
  );
}

function Results({ asked }: { asked: Asked }) {
  const { t } = useI18n();
  const { data, error, refetch, fetchNextPage, hasNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ['search', 'pages', asked],
    queryFn: ({ pageParam, signal }) => search({ ...asked, offset: pageParam }, signal),
    initialPageParam: 0,
    getNextPageParam: (last, pages) => {
      const seen = pages.reduce((sum, page) => sum + page.found.length, 0);
      return last.found.length > 0 && seen < last.total ? seen : undefined;
    },
  });
  if (!data) {
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={8} />
    );
  }
  const [first] = data.pages;
  const found = data.pages.flatMap((page) => page.found);
  if (found.length === 0) {
    return (
      <EmptyState icon={Search} title={t('search.none', { asked: asked.q })}>
        {t('search.none.detail')}
      </EmptyState>
    );
  }
  return (
    <>
      {first?.instead && (
        <Notice title={t('search.instead', { asked: asked.q, instead: first.instead })} announce />
      )}
      <p className="meta" role="status">
        {t('search.count', { count: first?.total ?? 0 })}
      </p>
      <ol className="se-l">
        {found.map((each) => (
          <li key={each.id}>
            <Result finding={each} />
          </li>
        ))}
      </ol>
      {hasNextPage && (
        <Button isDisabled={isFetchingNextPage} onPress={() => void fetchNextPage()}>
          {t('search.more')}
        </Button>
      )}
    </>
  );
}

const icons: Record<Finding['kind'], IconType> = {
  document: FileText,
  folder: Folder,
  workspace: FolderOpen,
  person: UserRound,
  organisation: Landmark,
  object: Puzzle,
};

function hrefOf({ kind, id, workspace, url }: Finding): string | undefined {
  if (kind === 'object') return url;
  if (kind === 'workspace') return paths.workspace(id);
  if (!workspace) return undefined;
  return kind === 'folder' ? paths.documents(workspace.id) : paths.document(workspace.id, id);
}

function Result({ finding }: { finding: Finding }) {
  const { t, format } = useI18n();
  const { kind, title, excerpt, language, workspace, updated_at, plugin } = finding;
  const Icon = icons[kind];
  const href = hrefOf(finding);
  const place = [
    kind === 'folder' ? t('search.folder') : null,
    plugin?.name,
    kind === 'workspace' ? null : workspace?.name,
    updated_at ? format.ago(updated_at) : null,
  ].filter(Boolean);
  return (
    <article className="se-r">
      <Icon />
      <div>
        <h2 lang={language ?? undefined}>
          {href ? (
            <Link to={href}>
              <Runs runs={title} />
            </Link>
          ) : (
            <Runs runs={title} />
          )}
        </h2>
        {excerpt.length > 0 && (
          <p className="se-x" lang={language ?? undefined}>
            <Runs runs={excerpt} />
          </p>
        )}
        {place.length > 0 && (
          <p className="meta">
            {place.join(', ')} {language && kind === 'document' && <LanguageTag language={language} />}
          </p>
        )}
      </div>
    </article>
  );
}
