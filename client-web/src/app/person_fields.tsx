import { useI18n } from '@/i18n';
import { TextField, type TextFieldProps } from '@/ui';

// What every form about oneself asks, each with the words and the completion that browsers and password managers know.

type Props = Omit<TextFieldProps, 'label' | 'type'> & { label?: string };

export function NameField(props: Props) {
  const { t } = useI18n();
  return <TextField label={t('field.name')} autoComplete="name" isRequired {...props} />;
}

export function FunctionField(props: Props) {
  const { t } = useI18n();
  return (
    <TextField
      label={t('field.function')}
      hint={t('field.function.hint')}
      autoComplete="organization-title"
      {...props}
    />
  );
}

export function EmailField(props: Props) {
  const { t } = useI18n();
  return <TextField type="email" label={t('field.email')} autoComplete="username" isRequired {...props} />;
}

export function PasswordField(props: Props) {
  const { t } = useI18n();
  return (
    <TextField
      type="password"
      label={t('field.password')}
      autoComplete="current-password"
      isRequired
      {...props}
    />
  );
}

export function NewPasswordField(props: Props) {
  const { t } = useI18n();
  return (
    <TextField
      type="password"
      label={t('field.password')}
      hint={t('field.password.hint')}
      autoComplete="new-password"
      isRequired
      {...props}
    />
  );
}
