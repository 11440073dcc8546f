import { useId, type ReactNode } from 'react';
import { useI18n } from '@/i18n';
import { classes } from './classes';
import { Link } from './Link';

export interface CardProps {
  title: string;
  /** Stands after the title, in grey. */
  count?: number | undefined;
  /** At the right end of the head. */
  end?: ReactNode;
  children: ReactNode;
  className?: string;
}

/** A white sheet with a head: the panel of every screen. */
export function Card({ title, count, end, children, className }: CardProps) {
  const id = useId();
  const { format } = useI18n();
  return (
    <section className={classes('panel', className)} aria-labelledby={id}>
      <div className="panel-h">
        <h2 id={id}>
          {title}
          {count !== undefined && <span className="n"> {format.number(count)}</span>}
        </h2>
        {end}
      </div>
      {children}
    </section>
  );
}

export interface Crumb {
  label: string;
  to: string;
}

export function Breadcrumbs({ items }: { items: Crumb[] }) {
  const { t } = useI18n();
  return (
    <nav aria-label={t('ui.breadcrumbs')}>
      <ol className="crumbs">
        {items.map((item) => (
          <li key={item.to}>
            <Link to={item.to}>{item.label}</Link>
          </li>
        ))}
      </ol>
    </nav>
  );
}

export interface PageHeadProps {
  title: ReactNode;
  /** A small line above. */
  over?: ReactNode;
  crumbs?: Crumb[];
  lede?: ReactNode;
  actions?: ReactNode;
}

export function PageHead({ title, over, crumbs, lede, actions }: PageHeadProps) {
  return (
    <div className="page-h">
      <div className="grow">
        {crumbs && <Breadcrumbs items={crumbs} />}
        {over && <p className="over">{over}</p>}
        <h1>{title}</h1>
        {lede && <p className="muted lede">{lede}</p>}
      </div>
      {actions && <div className="acts">{actions}</div>}
    </div>
  );
}

export interface TabLink {
  label: string;
  to: string;
  count?: number | undefined;
  current: boolean;
}

/** Tabs with an address each: links, as a reader of the page expects. */
export function TabLinks({ label, items }: { label: string; items: TabLink[] }) {
  const { format } = useI18n();
  return (
    <nav className="tabs" aria-label={label}>
      {items.map((item) => (
        <Link key={item.to} to={item.to} {...(item.current ? { 'aria-current': 'page' as const } : {})}>
          {item.label}
          {item.count !== undefined && <span className="n">{format.number(item.count)}</span>}
        </Link>
      ))}
    </nav>
  );
}

export interface TableColumn {
  id: string;
  title: string;
  align?: 'end';
  /** Left out on narrow screens. */
  secondary?: boolean;
  titleHidden?: boolean;
  /** False: left out on the narrowest screens, where its content stands in the first cell. */
  narrow?: boolean;
}

/** A table of the page: caption, scoped heads; rows are given as `<tr>` whose first cell is `<th scope="row">`. */
export function Table({
  caption,
  columns,
  children,
  className,
}: {
  caption: string;
  columns: TableColumn[];
  children: ReactNode;
  className?: string;
}) {
  return (
    <table className={classes('t', className)}>
      <caption className="vh">{caption}</caption>
      <thead>
        <tr>
          {columns.map((column) => (
            <th
              key={column.id}
              scope="col"
              className={classes(
                column.align === 'end' && 'r',
                column.secondary && 'hide-m',
                column.narrow === false && 'hide-s',
              )}
            >
              {column.titleHidden ? <span className="vh">{column.title}</span> : column.title}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>{children}</tbody>
    </table>
  );
}
