import { useI18n } from '@/i18n';
import { TextField } from '@/ui';
import type { Form } from './form';

/** What a space is called and what it is for: the same words where one is made and where one is changed. */
export function SpaceFields({ form }: { form: Pick<Form<'name' | 'description'>, 'field'> }) {
  const { t } = useI18n();
  return (
    <>
      <TextField label={t('space.name')} autoFocus isRequired {...form.field('name')} />
      <TextField
        label={t('space.description')}
        hint={t('space.description.hint')}
        lines={3}
        {...form.field('description')}
      />
    </>
  );
}
