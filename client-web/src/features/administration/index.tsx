import { lazy, Suspense } from 'react';
import Lock from 'icon:lock';
import { Redirect, useLocation } from 'wouter';
import { keyOf } from '@/api';
import { Boundary } from '@/app/Boundary';
import { useContributions } from '@/app/extensions';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { useTitle } from '@/app/title';
import { useI18n, withWords } from '@/i18n';
import { EmptyState, Link, PageHead } from '@/ui';
import type { AdministrationSection } from './section';
import './administration.css';

const sections = Object.values(
  import.meta.glob<{ section: AdministrationSection }>('./*/section.ts', { eager: true }),
)
  .map((module) => module.section)
  .sort((a, b) => a.order - b.order);

const ExtensionSection = lazy(withWords(['extensions'], () => import('@/features/extensions/AdminSection')));

/** What administrators and the secretariat do: a list of screens on the left, or above on a phone, and one of them beside it. */
export default function AdministrationPage() {
  const { t } = useI18n();
  const me = useMe();
  const [location] = useLocation();
  const [slug, name] = location.slice(paths.administration.length + 1).split('/');
  const drawn = useContributions('admin');
  const mine = sections.filter((each) => me.permissions.includes(each.needs ?? 'administrators.manage'));
  const section = mine.find((each) => each.slug === slug);
  useTitle(section ? t(section.title) : t('nav.administration'));

  if (mine.length === 0)
    return (
      <div className="page">
        <PageHead title={t('nav.administration')} />
        <EmptyState icon={Lock} title={t('admin.denied')} />
      </div>
    );
  const extension = slug === 'e' ? name : undefined;
  if (!section && !extension)
    return mine[0] ? <Redirect to={`${paths.administration}/${mine[0].slug}`} replace /> : null;
  return (
    <div className="page adm">
      <nav className="adm-nav" aria-label={t('nav.administration')}>
        <ul>
          {mine.map((each) => (
            <li key={each.slug}>
              <Link
                to={`${paths.administration}/${each.slug}`}
                aria-current={each === section ? 'page' : undefined}
              >
                {t(each.title)}
              </Link>
            </li>
          ))}
          {drawn.map((each) => (
            <li key={keyOf(each)}>
              <Link
                to={paths.adminExtension(keyOf(each))}
                aria-current={keyOf(each) === extension ? 'page' : undefined}
              >
                {each.ui.name}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className="adm-body">
        <Boundary resetKey={slug ?? ''}>
          <Suspense>
            {section ? <section.Page /> : <ExtensionSection key={name} name={name ?? ''} />}
          </Suspense>
        </Boundary>
      </div>
    </div>
  );
}
