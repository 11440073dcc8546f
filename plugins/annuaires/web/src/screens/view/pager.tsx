// Pages by their number as far as the server counts them; from there on one after the other.
import { useApp } from '@/app/context';
import { deepestPage, pagesAround, pageSize } from '@/pure/filters';
import { Button } from '@/ui/parts';

interface Props {
  page: number;
  total: number;
  next: string | null;
  after: string;
  onPage(page: number): void;
  onAfter(cursor: string): void;
}

export function Pager({ page, total, next, after, onPage, onAfter }: Props) {
  const { t, number } = useApp();
  const last = Math.ceil(total / pageSize);
  if (last <= 1) return null;
  if (after) {
    return (
      <nav class="an-pager" aria-label={t('web.pager.pages')}>
        <Button small onClick={() => onPage(1)}>
          {t('web.pager.first')}
        </Button>
        {next && (
          <Button small onClick={() => onAfter(next)}>
            {t('web.pager.next')}
          </Button>
        )}
      </nav>
    );
  }
  const counted = Math.min(last, deepestPage);
  const onward = () => (page < counted ? onPage(page + 1) : next && onAfter(next));
  return (
    <nav class="an-pager" aria-label={t('web.pager.pages')}>
      <Button small disabled={page <= 1} onClick={() => onPage(page - 1)}>
        {t('web.pager.before')}
      </Button>
      <ol>
        {pagesAround(page, counted).map((one, index) =>
          one === 0 ? (
            <li key={`gap-${index}`} aria-hidden="true">
              …
            </li>
          ) : (
            <li key={one}>
              <button
                type="button"
                aria-current={one === page ? 'page' : undefined}
                aria-label={t('web.pager.page', { page: number(one) })}
                onClick={() => onPage(one)}
              >
                {number(one)}
              </button>
            </li>
          ),
        )}
      </ol>
      <Button small disabled={page >= last && !next} onClick={onward}>
        {t('web.pager.next')}
      </Button>
    </nav>
  );
}
