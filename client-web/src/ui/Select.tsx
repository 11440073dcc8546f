import type { ReactNode } from 'react';
import { Button } from 'react-aria-components/Button';
import {
  ComboBox as AriaComboBox,
  type ComboBoxProps as AriaComboBoxProps,
} from 'react-aria-components/ComboBox';
import { Input } from 'react-aria-components/Input';
import { Label } from 'react-aria-components/Label';
import { ListBox, ListBoxItem, type ListBoxItemProps } from 'react-aria-components/ListBox';
import { Popover } from 'react-aria-components/Popover';
import {
  Select as AriaSelect,
  SelectValue,
  type SelectProps as AriaSelectProps,
} from 'react-aria-components/Select';
import Check from 'icon:check';
import ChevronDown from 'icon:chevron-down';
import { useI18n } from '@/i18n';
import { FieldNotes } from './Fields';
import { classes } from './classes';

export interface OptionProps extends Omit<ListBoxItemProps, 'children' | 'className'> {
  children: ReactNode;
  textValue: string;
  note?: ReactNode;
}

export function Option({ children, note, ...rest }: OptionProps) {
  return (
    <ListBoxItem {...rest} className="mi">
      <span className="grow">
        {children}
        {note && <small>{note}</small>}
      </span>
      <Check className="tick" />
    </ListBoxItem>
  );
}

export interface SelectProps<T extends object> extends Omit<AriaSelectProps<T>, 'children' | 'className'> {
  label: string;
  labelHidden?: boolean;
  hint?: ReactNode;
  error?: string | null;
  size?: 's' | 'm' | 'l';
  items?: Iterable<T>;
  children: ReactNode | ((item: T) => ReactNode);
}

export function Select<T extends object>({
  label,
  labelHidden,
  hint,
  error,
  size,
  items,
  children,
  ...rest
}: SelectProps<T>) {
  const { t } = useI18n();
  return (
    <AriaSelect
      placeholder={t('ui.choose')}
      {...rest}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="field"
    >
      <Label className={labelHidden ? 'vh' : 'lab'}>{label}</Label>
      <Button className={classes('in select', size === 'l' && 'lg', size === 's' && 'sm')}>
        <SelectValue className="ell">
          {({ selectedText, defaultChildren }) => selectedText ?? defaultChildren}
        </SelectValue>
        <ChevronDown />
      </Button>
      <FieldNotes hint={hint} error={error} />
      <Popover className="pop match">
        <ListBox className="list" {...(items ? { items } : {})}>
          {children}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

export interface ComboBoxProps<T extends object> extends Omit<
  AriaComboBoxProps<T>,
  'children' | 'className'
> {
  label: string;
  hint?: ReactNode;
  error?: string | null;
  placeholder?: string;
  size?: 'm' | 'l';
  /** What is said where nothing matches; without it the list stays closed then. */
  empty?: ReactNode;
  /** The choices are on their way: the list opens at once, and they appear in it. */
  loading?: boolean;
  children: ReactNode | ((item: T) => ReactNode);
}

export function ComboBox<T extends object>({
  label,
  hint,
  error,
  placeholder,
  size,
  empty,
  loading = false,
  children,
  ...rest
}: ComboBoxProps<T>) {
  const { t } = useI18n();
  return (
    <AriaComboBox
      allowsEmptyCollection={loading || empty !== undefined}
      {...rest}
      isInvalid={Boolean(error)}
      validationBehavior="aria"
      className="field"
    >
      <Label className="lab">{label}</Label>
      <span className="combo">
        <Input className={classes('in', size === 'l' && 'lg')} {...(placeholder ? { placeholder } : {})} />
        <Button className="btn quiet" aria-label={t('ui.show.choices')}>
          <ChevronDown />
        </Button>
      </span>
      <FieldNotes hint={hint} error={error} />
      <Popover className="pop match">
        <ListBox
          className="list"
          renderEmptyState={() => (
            <p className="m-h">{loading ? t('ui.loading') : (empty ?? t('ui.nothing.found'))}</p>
          )}
        >
          {children}
        </ListBox>
      </Popover>
    </AriaComboBox>
  );
}
