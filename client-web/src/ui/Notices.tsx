import type { ReactNode } from 'react';
import CircleCheck from 'icon:circle-check';
import Clock from 'icon:clock';
import Info from 'icon:info';
import TriangleAlert from 'icon:triangle-alert';
import { useI18n } from '@/i18n';
import { Button } from './Button';
import type { IconType } from './drawing';
import { classes } from './classes';

export type NoticeTone = 'info' | 'ok' | 'wait' | 'no';
const icons: Record<NoticeTone, IconType> = { info: Info, ok: CircleCheck, wait: Clock, no: TriangleAlert };

export interface NoticeProps {
  tone?: NoticeTone;
  title?: string | undefined;
  children?: ReactNode;
  /** Read it aloud as it appears. */
  announce?: boolean;
}

export function Notice({ tone = 'info', title, children, announce }: NoticeProps) {
  const Icon = icons[tone];
  return (
    <div
      className={classes('note', tone)}
      {...(announce ? { role: tone === 'no' ? 'alert' : 'status' } : {})}
    >
      <Icon />
      <div>
        {title && <b>{title} </b>}
        {children}
      </div>
    </div>
  );
}

/** A failure that can be read: the cause, and one way out. */
export function ErrorNotice({
  title,
  children,
  onRetry,
}: {
  title: string;
  children?: ReactNode;
  onRetry?: (() => void) | undefined;
}) {
  const { t } = useI18n();
  return (
    <div className="note no" role="alert">
      <TriangleAlert />
      <div>
        <b>{title}</b> {children}
        {onRetry && (
          <div className="btns">
            <Button size="s" onPress={onRetry}>
              {t('ui.retry')}
            </Button>
          </div>
        )}
      </div>
    </div>
  );
}

/** One sentence on what will come here, one action, no picture. */
export function EmptyState({
  icon: Icon,
  title,
  children,
  action,
}: {
  icon: IconType;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}) {
  return (
    <div className="empty">
      <Icon />
      <p className="strong">{title}</p>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

const widths = ['62%', '91%', '79%', '86%', '70%', '94%'];

/** Nothing under 200 ms, then the shape of what comes. */
export function Skeleton({ lines = 3 }: { lines?: number }) {
  const { t } = useI18n();
  return (
    <div className="sk" role="status">
      <span className="vh">{t('ui.loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} style={{ width: widths[index % widths.length] }} />
      ))}
    </div>
  );
}

/** A measured wait. */
export function Progress({ label, value, note }: { label: string; value: number; note?: ReactNode }) {
  const { format } = useI18n();
  const percent = Math.round(value * 100);
  return (
    <div className="prog">
      <div className="row between">
        <span className="ell">{label}</span>
        <span className="meta num">{format.percent(value)}</span>
      </div>
      <div
        className="bar"
        role="progressbar"
        aria-label={label}
        aria-valuenow={percent}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ width: `${percent}%` }} />
      </div>
      {note && <p className="meta">{note}</p>}
    </div>
  );
}
