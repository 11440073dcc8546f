// The small parts all screens are made of. Their looks come from the host's classes (cl-…); an-… is what only we have.
import type { ComponentChildren } from 'preact';
import { otherLanguage, useApp, useUid } from '@/app/context';
import type { Both, Visibility } from '@/app/model';
import type { ErrorLike, MessageKey } from '@/host';
import type { Place } from '@/pure/places';
import { Icon, type IconName } from './icons';

type Kind = 'primary' | 'quiet' | 'danger';
const buttonClass = (kind: Kind | undefined, small: boolean | undefined) =>
  ['cl-button', kind, small && 'small'].filter(Boolean).join(' ');

interface ButtonProps {
  kind?: Kind;
  icon?: IconName;
  small?: boolean;
  busy?: boolean;
  disabled?: boolean;
  type?: 'button' | 'submit';
  label?: string;
  pressed?: boolean;
  expanded?: boolean;
  describedBy?: string;
  onClick?: (event: MouseEvent) => void;
  children?: ComponentChildren;
  id?: string;
}

/** Busy, it stays where it is and keeps the focus; a second press does nothing. */
export function Button(props: ButtonProps) {
  const { kind, icon, small, busy, disabled, type = 'button', label, onClick, children } = props;
  return (
    <button
      id={props.id}
      type={type}
      class={buttonClass(kind, small) + (children ? '' : ' an-square')}
      aria-label={label}
      title={children ? undefined : label}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-busy={busy || undefined}
      aria-disabled={busy || undefined}
      aria-describedby={props.describedBy}
      disabled={disabled}
      onClick={busy ? (event) => event.preventDefault() : onClick}
    >
      {icon && <Icon name={icon} small={small} />}
      {children}
    </button>
  );
}

/** A link inside the page: opened here, or beside with the keys and buttons that do so everywhere. */
export function To({
  place,
  children,
  button,
  small,
  icon,
  class: name,
  current,
  chosen,
}: {
  place: Place;
  children: ComponentChildren;
  button?: Kind | 'plain';
  small?: boolean;
  icon?: IconName;
  class?: string;
  current?: boolean;
  /** Of several, the one that is open beside them. */
  chosen?: boolean;
}) {
  const { href, go } = useApp();
  const follow = (event: MouseEvent) => {
    if (event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    go(place);
  };
  const look = button ? buttonClass(button === 'plain' ? undefined : button, small) : undefined;
  return (
    <a
      href={href(place)}
      onClick={follow}
      class={[look, name].filter(Boolean).join(' ') || undefined}
      aria-current={current ? 'page' : chosen ? 'true' : undefined}
    >
      {icon && <Icon name={icon} small={small} />}
      {children}
    </a>
  );
}

/** A bilingual value; `lang` where it is not in the reader's language. */
export function Say({ value }: { value: Both | string | null | undefined }) {
  const { say, language } = useApp();
  return <span lang={otherLanguage(value, language)}>{say(value)}</span>;
}

export function Country({ code }: { code: string }) {
  const { t } = useApp();
  const french = code === 'FR' || code === 'F';
  if (!french && code !== 'CH') return <span class="cl-tag">{code}</span>;
  return (
    <abbr
      class={french ? 'an-country f' : 'an-country ch'}
      title={t(french ? 'web.country.fr' : 'web.country.ch')}
    >
      {french ? 'F' : 'CH'}
    </abbr>
  );
}

export function Countries({ codes }: { codes: string[] }) {
  if (!codes.length) return null;
  return (
    <span class="an-countries">
      {codes.map((code) => (
        <Country key={code} code={code} />
      ))}
    </span>
  );
}

export function Tag({
  children,
  kind,
  icon,
}: {
  children: ComponentChildren;
  kind?: 'ok' | 'info' | 'wait' | 'no';
  icon?: IconName;
}) {
  return (
    <span class={kind ? `cl-tag ${kind}` : 'cl-tag'}>
      {icon && <Icon name={icon} small />}
      {children}
    </span>
  );
}

const visibilityIcons: Record<Visibility, IconName> = {
  public: 'globe',
  members: 'members',
  private: 'lock',
};
export const visibilityWords: Record<Visibility, MessageKey> = {
  public: 'web.visibility.public',
  members: 'web.visibility.members',
  private: 'web.visibility.private',
};
const visibilityWhy: Record<Visibility, MessageKey> = {
  public: 'web.visibility.public_why',
  members: 'web.visibility.members_why',
  private: 'web.visibility.private_why',
};

/** Who sees a value: a drawing and words, and the whole explanation for who asks. */
export function Seen({ by }: { by: Visibility }) {
  const { t } = useApp();
  return (
    <span class={`an-seen ${by}`} title={t(visibilityWhy[by])}>
      <Icon name={visibilityIcons[by]} small />
      {t(visibilityWords[by])}
    </span>
  );
}

export function Notice({
  kind = 'info',
  children,
  role,
}: {
  kind?: 'info' | 'warning' | 'error' | 'ok';
  children: ComponentChildren;
  role?: 'alert' | 'status';
}) {
  return (
    <div class={`cl-notice an-notice ${kind}`} role={role}>
      <Icon
        name={kind === 'info' ? 'info' : kind === 'ok' ? 'check' : kind === 'error' ? 'error' : 'warning'}
      />
      <div class="an-grow">{children}</div>
    </div>
  );
}

/** What went wrong and the way out. */
export function Failure({ error, again }: { error: ErrorLike; again?: () => void }) {
  const { t } = useApp();
  return (
    <Notice kind="error" role="alert">
      <p>{error.message || t('web.error.unknown')}</p>
      {again && (
        <Button small icon="undo" onClick={again}>
          {t('web.again')}
        </Button>
      )}
    </Notice>
  );
}

export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children?: ComponentChildren;
  action?: ComponentChildren;
}) {
  return (
    <div class="cl-empty an-empty">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  );
}

/** Lines in the place of what comes; nothing for the first moment, then said to a screen reader once. */
export function Waiting({ lines = 5 }: { lines?: number }) {
  const { t } = useApp();
  return (
    <div class="an-waiting" role="status">
      <span class="cl-visually-hidden">{t('web.loading')}</span>
      {Array.from({ length: lines }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}

export function Head({
  title,
  lang,
  back,
  actions,
  children,
}: {
  title: ComponentChildren;
  lang?: string;
  back?: { place: Place; label: ComponentChildren };
  actions?: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <header class="cl-head an-head">
      <div class="an-grow">
        {back && (
          <To place={back.place} class="an-back" icon="back">
            {back.label}
          </To>
        )}
        <h1 lang={lang} tabIndex={-1}>
          {title}
        </h1>
        {children}
      </div>
      {actions && <div class="an-actions">{actions}</div>}
    </header>
  );
}

export function Card({
  title,
  actions,
  children,
  class: name,
}: {
  title?: ComponentChildren;
  actions?: ComponentChildren;
  children: ComponentChildren;
  class?: string;
}) {
  const id = useUid();
  return (
    <section class={name ? `cl-card ${name}` : 'cl-card'} aria-labelledby={title ? id : undefined}>
      {title && (
        <div class="an-card-head">
          <h2 id={id}>{title}</h2>
          {actions}
        </div>
      )}
      {children}
    </section>
  );
}

export function Progress({ label, done, of }: { label: string; done: number; of: number }) {
  const id = useUid();
  return (
    <div class="an-progress">
      <div class="an-row between" aria-hidden="true">
        <span id={id}>{label}</span>
      </div>
      <progress
        class="cl-progress"
        aria-label={label}
        value={of > 0 ? Math.min(done, of) : undefined}
        max={of > 0 ? of : undefined}
      />
    </div>
  );
}

/** One of a few, side by side. Links, so that each has its address. */
export function Views({
  label,
  views,
}: {
  label: string;
  views: { place: Place; name: string; icon: IconName; current: boolean }[];
}) {
  return (
    <nav class="an-views" aria-label={label}>
      {views.map((view) => (
        <To key={view.name} place={view.place} icon={view.icon} current={view.current}>
          {view.name}
        </To>
      ))}
    </nav>
  );
}
