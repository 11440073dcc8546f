import Languages from 'icon:languages';
import { paths } from '@/app/paths';
import { chooseLocale, useBootstrap } from '@/app/session';
import { useI18n } from '@/i18n';
import { Button, ButtonLink, Link, Mark } from '@/ui';
import { ExtensionScreen } from './Page';

/** `/portail/e/<key>/…`: what a plugin shows to everybody, below the white header of the public side. */
export default function PortalPage({ name }: { name: string }) {
  const { t, language } = useI18n();
  const { me, instance } = useBootstrap().data ?? {};
  const other = language === 'fr' ? 'de-CH' : 'fr-FR';
  return (
    <>
      <a className="skip" href="#main">
        {t('extensions.portal.skip')}
      </a>
      <header className="ext-h">
        <Link to={paths.portalExtension(name)} className="brand">
          <Mark />
          <span>{instance?.name ?? t('app.name')}</span>
        </Link>
        <div className="row">
          <Button kind="quiet" icon={Languages} onPress={() => void chooseLocale(other)} lang={other}>
            {other === 'de-CH' ? 'Deutsch' : 'Français'}
          </Button>
          <ButtonLink to={paths.home}>
            {t(me ? 'extensions.portal.inside' : 'extensions.portal.sign.in')}
          </ButtonLink>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        <ExtensionScreen slot="portal" name={name} base={paths.portalExtension(name)} />
      </main>
    </>
  );
}
