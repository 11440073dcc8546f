import type { ReactNode } from 'react';
import Languages from 'icon:languages';
import { useI18n } from '@/i18n';
import { Button, Mark } from '@/ui';
import ridges from './ridges.svg';
import { chooseLocale } from './session';
import './entry.css';

/** The frame of what one sees before being inside: the ridges at the left, one form at the right. */
export function Entry({ children, foot }: { children: ReactNode; foot?: ReactNode }) {
  const { t, language } = useI18n();
  const other = language === 'fr' ? 'de-CH' : 'fr-FR';
  return (
    <div className="si">
      <a className="skip" href="#main">
        {t('entry.skip')}
      </a>
      <div className="si-g">
        <header className="si-l">
          <div className="brand">
            <Mark />
            <span>{t('app.name')}</span>
          </div>
          <img className="si-art" src={ridges} alt="" />
          <div className="si-t">
            <p className="q">{t('entry.claim')}</p>
            <p>{t('entry.members')}</p>
          </div>
        </header>
        <div className="si-m">
          <div className="si-x">
            <Button kind="quiet" icon={Languages} onPress={() => void chooseLocale(other)} lang={other}>
              {other === 'de-CH' ? 'Deutsch' : 'Français'}
            </Button>
          </div>
          <main id="main" className="si-f" tabIndex={-1}>
            {children}
          </main>
          {foot}
        </div>
      </div>
    </div>
  );
}
