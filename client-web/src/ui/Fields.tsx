import { useState, type ReactNode, type Ref } from 'react';
import { Button as AriaButton } from 'react-aria-components/Button';
import {
  Checkbox as AriaCheckbox,
  type CheckboxProps as AriaCheckboxProps,
} from 'react-aria-components/Checkbox';
import { FieldError as AriaFieldError } from 'react-aria-components/FieldError';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import {
  SearchField as AriaSearchField,
  type SearchFieldProps as AriaSearchProps,
} from 'react-aria-components/SearchField';
import { Switch as AriaSwitch, type SwitchProps as AriaSwitchProps } from 'react-aria-components/Switch';
import { Text } from 'react-aria-components/Text';
import { TextArea } from 'react-aria-components/TextArea';
import {
  TextField as AriaTextField,
  type TextFieldProps as AriaTextFieldProps,
} from 'react-aria-components/TextField';
import Alert from 'icon:circle-alert';
import Check from 'icon:check';
import Eye from 'icon:eye';
import EyeOff from 'icon:eye-off';
import Search from 'icon:search';
import X from 'icon:x';
import { useI18n } from '@/i18n';
import { classes } from './classes';

interface FieldWords {
  label: string;
  /** Stays under the field. */
  hint?: ReactNode;
  /** Says what is wrong and how to mend it; shown under the field and tied to it. */
  error?: string | null | undefined;
}

export function FieldNotes({ hint, error }: Pick<FieldWords, 'hint' | 'error'>) {
  return (
    <>
      {hint && (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <AriaFieldError className="err">
        {({ validationErrors }) => (
          <>
            <Alert size="s" />
            <span>{error || validationErrors.join(' ')}</span>
          </>
        )}
      </AriaFieldError>
    </>
  );
}

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'children' | 'className'>, FieldWords {
  placeholder?: string;
  size?: 'm' | 'l';
  /** More than one line. */
  lines?: number;
  /** Stands at the right of the label. */
  aside?: ReactNode;
  /** The label is read aloud only. */
  labelHidden?: boolean;
  inputRef?: Ref<HTMLInputElement>;
}

export function TextField({
  label,
  hint,
  error,
  placeholder,
  size,
  lines,
  aside,
  labelHidden,
  inputRef,
  ...rest
}: TextFieldProps) {
  const [shown, setShown] = useState(false);
  const { t } = useI18n();
  const secret = rest.type === 'password';
  const look = { className: classes('in', size === 'l' && 'lg'), ...(placeholder ? { placeholder } : {}) };
  const input = lines ? (
    <TextArea {...look} rows={lines} />
  ) : (
    <Input {...look} {...(inputRef ? { ref: inputRef } : {})} />
  );
  return (
    <AriaTextField
      {...rest}
      type={secret && shown ? 'text' : (rest.type ?? 'text')}
      isInvalid={rest.isInvalid || Boolean(error)}
      validationBehavior="aria"
      className="field"
    >
      {aside ? (
        <span className="row between">
          <Label className="lab">{label}</Label>
          {aside}
        </span>
      ) : (
        <Label className={labelHidden ? 'vh' : 'lab'}>{label}</Label>
      )}
      {secret ? (
        <span className="pwd">
          {input}
          <AriaButton
            className="btn quiet icon sm"
            aria-label={t(shown ? 'ui.password.hide' : 'ui.password.show')}
            aria-pressed={shown}
            onPress={() => setShown(!shown)}
            excludeFromTabOrder={false}
          >
            {shown ? <EyeOff /> : <Eye />}
          </AriaButton>
        </span>
      ) : (
        input
      )}
      <FieldNotes hint={hint} error={error} />
    </AriaTextField>
  );
}

export interface SearchFieldProps extends Omit<AriaSearchProps, 'children' | 'className'> {
  label: string;
  placeholder?: string;
}

export function SearchField({ label, placeholder, ...rest }: SearchFieldProps) {
  const { t } = useI18n();
  return (
    <AriaSearchField {...rest} aria-label={label} className="searchbox">
      {({ isEmpty }) => (
        <>
          <Search />
          <Input {...(placeholder ? { placeholder } : {})} />
          {!isEmpty && (
            <AriaButton className="btn quiet icon sm" aria-label={t('ui.clear')}>
              <X size="s" />
            </AriaButton>
          )}
        </>
      )}
    </AriaSearchField>
  );
}

export interface CheckboxProps extends Omit<AriaCheckboxProps, 'children' | 'className'> {
  children: ReactNode;
}

export function Checkbox({ children, ...rest }: CheckboxProps) {
  return (
    <AriaCheckbox {...rest} className="ck">
      <span className="box" aria-hidden="true">
        {(rest.isSelected ?? true) && <Check />}
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  );
}

export interface SwitchProps extends Omit<AriaSwitchProps, 'children' | 'className'> {
  children: ReactNode;
  hint?: ReactNode;
}

export function Switch({ children, hint, ...rest }: SwitchProps) {
  return (
    <AriaSwitch {...rest} className="switch">
      <span className="sw" aria-hidden="true" />
      <span>
        {children}
        {hint && <span className="hint">{hint}</span>}
      </span>
    </AriaSwitch>
  );
}
