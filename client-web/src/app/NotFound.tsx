import { useI18n } from '@/i18n';
import { ButtonLink } from '@/ui';
import { paths } from './paths';
import { useTitle } from './title';

export interface NotFoundProps {
  title?: string;
  detail?: string;
}

/** No such screen, or nothing here for this person: which of the two is not told apart on purpose. */
export function NotFound({ title, detail }: NotFoundProps) {
  const { t } = useI18n();
  const shown = title ?? t('notfound.title');
  useTitle(shown);
  return (
    <div className="page">
      <div className="page-h">
        <div>
          <h1>{shown}</h1>
          <p className="muted lede">{detail ?? t('notfound.detail')}</p>
        </div>
      </div>
      <div className="btns">
        <ButtonLink to={paths.home} kind="primary">
          {t('notfound.home')}
        </ButtonLink>
        <ButtonLink to={paths.spaces}>{t('nav.spaces.all')}</ButtonLink>
      </div>
    </div>
  );
}
