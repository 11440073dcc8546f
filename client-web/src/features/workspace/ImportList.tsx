import Check from 'icon:check';
import FileIcon from 'icon:file';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import { Button, Card, Link, Tag } from '@/ui';
import type { Import, useImports } from './imports';

/** How each file fares: under way with its measure, in place with its link, refused with the cause and the way out. */
export function ImportList({ imports, again, dismiss, dismissEnded }: ReturnType<typeof useImports>) {
  const { t } = useI18n();
  const ended = imports.some((each) => each.state.kind === 'done' || each.state.kind === 'failed');
  if (imports.length === 0) return null;
  return (
    <Card
      title={t('import.title')}
      className="imp"
      end={
        ended && (
          <Button kind="quiet" size="s" onPress={dismissEnded}>
            {t('import.clear')}
          </Button>
        )
      }
    >
      <ul className="ups">
        {imports.map((each) => (
          <Row key={each.id} each={each} onAgain={() => again(each)} onDismiss={() => dismiss(each.id)} />
        ))}
      </ul>
    </Card>
  );
}

function Row({ each, onAgain, onDismiss }: { each: Import; onAgain: () => void; onDismiss: () => void }) {
  const { t, format } = useI18n();
  const { state, file } = each;
  const share = state.kind === 'sending' ? state.share : state.kind === 'done' ? 1 : 0;
  return (
    <li>
      <div className="row between">
        <span className="row grow">
          <FileIcon size="s" />
          <span className="ell">{file.name}</span>
        </span>
        {state.kind === 'sending' && <span className="meta num">{format.percent(share)}</span>}
        {state.kind === 'done' && (
          <Tag tone="ok" icon={Check}>
            {t('import.done')}
          </Tag>
        )}
        {state.kind === 'failed' && <Tag tone="no">{t('import.failed')}</Tag>}
      </div>
      <div
        className={state.kind === 'failed' ? 'bar no' : 'bar'}
        role="progressbar"
        aria-label={t('import.of', { name: file.name })}
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${share * 100}%` }} />
      </div>
      <div className="row between meta">
        <span>
          {state.kind === 'failed'
            ? state.reason
            : state.kind === 'waiting'
              ? t('import.waiting')
              : format.bytes(file.size)}
        </span>
        <span className="row">
          {state.kind === 'done' && (
            <Link to={paths.document(state.document.workspace_id, state.document.id)}>
              {t('import.open')}
            </Link>
          )}
          {state.kind === 'failed' && state.again && (
            <button type="button" className="linkb" onClick={onAgain}>
              {t('ui.retry')}
            </button>
          )}
          {state.kind !== 'done' && (
            <button type="button" className="linkb" onClick={onDismiss}>
              {t(state.kind === 'failed' ? 'import.remove' : 'ui.cancel')}
            </button>
          )}
        </span>
      </div>
    </li>
  );
}
