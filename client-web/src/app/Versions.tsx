import type { PlacedDocument } from '@/api';
import { useI18n } from '@/i18n';
import { LanguageTag, Link, VisuallyHidden } from '@/ui';
import { languageName } from './languages';
import { paths } from './paths';

/** The language of a document, and the others in which it can be opened. */
export function Versions({ document }: { document: PlacedDocument }) {
  const { t } = useI18n();
  const others = document.versions.filter(({ id }) => id !== document.id);
  return (
    <span className="nw" data-testid="versions">
      <LanguageTag language={document.language} />
      {others.map(({ id, language }) => (
        <Link key={id} to={paths.document(document.workspace_id, id)} className="lng-a">
          <VisuallyHidden>{t('languages.open', { language: languageName(language) })} </VisuallyHidden>
          <LanguageTag language={language} />
        </Link>
      ))}
    </span>
  );
}
