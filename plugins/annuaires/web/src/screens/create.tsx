// A new directory: its name and what it begins with.
import { useState } from 'preact/hooks';
import { useApp, useDeed, fieldErrors, useTitle } from '@/app/context';
import type { Directory } from '@/app/model';
import type { MessageKey } from '@/host';
import { slugFrom } from '@/pure/fields';
import { Radios, Text } from '@/ui/fields';
import { Button, Card, Failure, Head } from '@/ui/parts';
import { BothFields } from './values_form';

const templates = [
  'officials',
  'technicians',
  'associations',
  'companies',
  'interpreters',
  'partners',
  'empty',
] as const;

export function CreateScreen() {
  const { t, host, go, changed } = useApp();
  const deed = useDeed();
  const [name, setName] = useState({ fr: '', de: '' });
  const [slug, setSlug] = useState<string | null>(null);
  const [template, setTemplate] = useState<(typeof templates)[number]>('officials');
  const [errors, setErrors] = useState<Record<string, string>>({});
  useTitle(t('web.directory.create'));
  const address = slug ?? slugFrom(name.fr || name.de);
  const save = (event: Event) => {
    event.preventDefault();
    setErrors({});
    void deed.run(async () => {
      try {
        const { json } = await host.api<{ directory: Directory }>('POST', '/directories', {
          slug: address,
          name,
          template,
        });
        changed();
        go({ screen: 'desk', directory: json.directory.slug, desk: 'settings', item: '', query: '' });
      } catch (error) {
        setErrors(fieldErrors(error));
        throw error;
      }
    });
  };
  return (
    <form noValidate class="an-form" onSubmit={save}>
      <Head
        title={t('web.directory.create')}
        back={{ place: { screen: 'directories' }, label: t('web.directories') }}
      />
      <Card>
        <BothFields
          label={t('web.settings.name')}
          required={t('web.required')}
          value={name}
          onValue={setName}
          error={errors['name']}
        />
        <Text
          label={t('web.directory.address')}
          hint={t('web.directory.address_hint')}
          value={address}
          onText={setSlug}
          error={errors['slug']}
        />
        <Radios
          label={t('web.directory.template')}
          value={template}
          onChoice={(value) => setTemplate(value)}
          choices={templates.map((value) => ({
            value,
            label: t(`web.template.${value}` as MessageKey),
            hint: t(`web.template.${value}_hint` as MessageKey),
          }))}
        />
      </Card>
      {deed.error && <Failure error={deed.error} />}
      <div class="an-form-foot">
        <Button type="submit" kind="primary" busy={deed.busy} disabled={!address}>
          {t('web.directory.create')}
        </Button>
        <Button kind="quiet" onClick={() => go({ screen: 'directories' })}>
          {t('web.cancel')}
        </Button>
      </div>
    </form>
  );
}
