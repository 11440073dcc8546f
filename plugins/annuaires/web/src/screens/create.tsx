// A new directory: its name and what it begins with.
import { useState } from 'preact/hooks';
import { useApp, useDeed, useTitle } from '@/app/context';
import type { Directory } from '@/app/model';
import type { MessageKey } from '@/host';
import { slugFrom } from '@/pure/fields';
import { screenNames } from '@/pure/places';
import { Radios, Text } from '@/ui/fields';
import { Refused, useWrong } from '@/ui/form';
import { Button, Card, Head } from '@/ui/parts';
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

/** Said before anything is sent, as the server would say it. */
const reserved = (message: string) => ({ message, field: 'slug' });

export function CreateScreen() {
  const { t, host, go, changed } = useApp();
  const deed = useDeed();
  const [name, setName] = useState({ fr: '', de: '' });
  const [slug, setSlug] = useState<string | null>(null);
  const [template, setTemplate] = useState<(typeof templates)[number]>('officials');
  const wrong = useWrong(deed.error);
  useTitle(t('web.directory.create'));
  const address = slug ?? slugFrom(name.fr || name.de);
  const save = (event: Event) => {
    event.preventDefault();
    void deed.run(async () => {
      if (screenNames.includes(address)) throw reserved(t('error.slug_reserved'));
      const { json } = await host.api<{ directory: Directory }>('POST', '/directories', {
        slug: address,
        name,
        template,
      });
      changed();
      go({ screen: 'desk', directory: json.directory.slug, desk: 'settings', item: '', query: '' });
    });
  };
  return (
    <form noValidate class="an-form" ref={wrong.form} onSubmit={save}>
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
          error={wrong.at['name']}
        />
        <Text
          label={t('web.directory.address')}
          hint={t('web.directory.address_hint')}
          value={address}
          onText={setSlug}
          error={wrong.at['slug']}
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
      <Refused error={deed.error} shows={(field) => field === 'name' || field === 'slug'} />
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
