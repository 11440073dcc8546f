// Fields of forms: a label, a hint, and what is wrong beside it, tied together for who does not see them together.
import type { ComponentChildren } from 'preact';
import { useUid } from '@/app/context';
import { Icon } from './icons';

interface Tied {
  id: string;
  describedBy: string | undefined;
  invalid: boolean | undefined;
}

export function Labelled({
  label,
  hint,
  error,
  required,
  aside,
  children,
  lang,
}: {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string;
  required?: string | false;
  aside?: ComponentChildren;
  lang?: string;
  children: (tied: Tied) => ComponentChildren;
}) {
  const id = useUid();
  const described = [hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined;
  return (
    <div class="cl-field">
      <div class="an-label">
        <label for={id} lang={lang}>
          {label}
          {required && <span class="an-required">{` (${required})`}</span>}
        </label>
        {aside}
      </div>
      {children({ id, describedBy: described, invalid: error ? true : undefined })}
      {hint && (
        <p class="an-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="an-error" id={`${id}-error`}>
          <Icon name="error" small />
          {error}
        </p>
      )}
    </div>
  );
}

type Common = {
  label: ComponentChildren;
  hint?: ComponentChildren;
  error?: string;
  required?: string | false;
  aside?: ComponentChildren;
  labelLang?: string;
};

export function Text({
  value,
  onText,
  type = 'text',
  lang,
  long = false,
  placeholder,
  autocomplete,
  inputMode,
  list,
  ...rest
}: Common & {
  value: string;
  onText(value: string): void;
  type?: 'text' | 'email' | 'tel' | 'url' | 'date' | 'number' | 'search';
  lang?: string;
  long?: boolean;
  placeholder?: string;
  autocomplete?: string;
  inputMode?: 'numeric' | 'text';
  list?: string;
}) {
  return (
    <Labelled {...rest} lang={rest.labelLang}>
      {({ id, describedBy, invalid }) =>
        long ? (
          <textarea
            id={id}
            class="cl-input"
            rows={4}
            value={value}
            lang={lang}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            required={Boolean(rest.required)}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        ) : (
          <input
            id={id}
            class="cl-input"
            type={type}
            value={value}
            lang={lang}
            list={list}
            placeholder={placeholder}
            autocomplete={(autocomplete ?? 'off') as 'off'}
            inputMode={inputMode}
            aria-describedby={describedBy}
            aria-invalid={invalid}
            required={Boolean(rest.required)}
            onInput={(event) => onText(event.currentTarget.value)}
          />
        )
      }
    </Labelled>
  );
}

export interface Choice {
  value: string;
  label: string;
}

export function Select({
  value,
  onChoice,
  choices,
  empty,
  ...rest
}: Common & { value: string; onChoice(value: string): void; choices: Choice[]; empty?: string }) {
  return (
    <Labelled {...rest} lang={rest.labelLang}>
      {({ id, describedBy, invalid }) => (
        <select
          id={id}
          class="cl-select"
          value={value}
          aria-describedby={describedBy}
          aria-invalid={invalid}
          onChange={(event) => onChoice(event.currentTarget.value)}
        >
          {empty !== undefined && <option value="">{empty}</option>}
          {value && !choices.some((choice) => choice.value === value) && (
            <option value={value}>{value}</option>
          )}
          {choices.map((choice) => (
            <option key={choice.value} value={choice.value}>
              {choice.label}
            </option>
          ))}
        </select>
      )}
    </Labelled>
  );
}

/** A select without a visible label, for bars of filters; the first choice says what it is about. */
export function Pick({
  label,
  value,
  onChoice,
  choices,
  empty,
}: {
  label: string;
  value: string;
  onChoice(value: string): void;
  choices: Choice[];
  empty?: string;
}) {
  return (
    <select
      class={value && empty !== undefined ? 'cl-select an-pick set' : 'cl-select an-pick'}
      aria-label={label}
      value={value}
      onChange={(event: { currentTarget: HTMLSelectElement }) => onChoice(event.currentTarget.value)}
    >
      {empty !== undefined && <option value="">{empty}</option>}
      {value && !choices.some((choice) => choice.value === value) && <option value={value}>{value}</option>}
      {choices.map((choice) => (
        <option key={choice.value} value={choice.value}>
          {choice.label}
        </option>
      ))}
    </select>
  );
}

export function Checkbox({
  checked,
  onCheck,
  children,
  hint,
}: {
  checked: boolean;
  onCheck(checked: boolean): void;
  children: ComponentChildren;
  hint?: string;
}) {
  const id = useUid();
  return (
    <div class="an-check">
      <label>
        <input
          type="checkbox"
          checked={checked}
          aria-describedby={hint ? id : undefined}
          onChange={(event) => onCheck(event.currentTarget.checked)}
        />
        <span>{children}</span>
      </label>
      {hint && (
        <p class="an-hint" id={id}>
          {hint}
        </p>
      )}
    </div>
  );
}

/** Several of a list: check boxes in a group. */
export function Checks({
  label,
  chosen,
  choices,
  onChosen,
  hint,
  error,
  aside,
}: Common & { chosen: string[]; choices: Choice[]; onChosen(chosen: string[]): void }) {
  const id = useUid();
  const offered = [
    ...choices,
    ...chosen
      .filter((one) => !choices.some(({ value }) => value === one))
      .map((value) => ({ value, label: value })),
  ];
  return (
    <fieldset
      class={error ? 'cl-field an-checks an-wrong' : 'cl-field an-checks'}
      aria-describedby={[hint && `${id}-hint`, error && `${id}-error`].filter(Boolean).join(' ') || undefined}
    >
      <legend>
        <span>{label}</span>
        {aside}
      </legend>
      <div class="an-check-grid">
        {offered.map(({ value, label: name }) => (
          <Checkbox
            key={value}
            checked={chosen.includes(value)}
            onCheck={(on) => onChosen(on ? [...chosen, value] : chosen.filter((one) => one !== value))}
          >
            {name}
          </Checkbox>
        ))}
      </div>
      {hint && (
        <p class="an-hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error && (
        <p class="an-error" id={`${id}-error`}>
          <Icon name="error" small />
          {error}
        </p>
      )}
    </fieldset>
  );
}

export function Radios<T extends string>({
  label,
  value,
  choices,
  onChoice,
  hint,
}: {
  label: string;
  value: T;
  choices: { value: T; label: string; hint?: string }[];
  onChoice(value: T): void;
  hint?: string;
}) {
  const name = useUid();
  return (
    <fieldset class="cl-field an-checks">
      <legend>{label}</legend>
      {hint && <p class="an-hint">{hint}</p>}
      {choices.map((choice) => (
        <div class="an-check" key={choice.value}>
          <label>
            <input
              type="radio"
              name={name}
              checked={choice.value === value}
              onChange={() => onChoice(choice.value)}
            />
            <span>
              {choice.label}
              {choice.hint && <small class="an-hint">{choice.hint}</small>}
            </span>
          </label>
        </div>
      ))}
    </fieldset>
  );
}
