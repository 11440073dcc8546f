import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation, useSearch } from 'wouter';
import { contributionsTo, extensionQueries, keyOf, type Contribution, type ExtensionSlot } from '@/api';
import { Failure } from '@/app/Failure';
import { NotFound } from '@/app/NotFound';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Skeleton } from '@/ui';
import { pathBelow } from './addresses';
import { ModuleView } from './ModuleView';

/** Where one is below `base`, as it stands in the address: not decoded, with the query. */
export function usePathBelow(base: string): string {
  useLocation();
  useSearch();
  return pathBelow(base, location);
}

/** What `key` names among the modules of a slot; undefined while it is not known. */
export function useNamed(slot: ExtensionSlot, key: string) {
  const { data, error, refetch } = useQuery(extensionQueries.all());
  const found = data && contributionsTo(slot, data).find((each) => keyOf(each) === key);
  return { known: data !== undefined, found, error: data ? null : error, refetch };
}

export interface ExtensionScreenProps {
  slot: ExtensionSlot;
  /** As `keyOf` makes it. */
  name: string;
  base: string;
}

/** A whole screen that a plugin draws. */
export function ExtensionScreen({ slot, name, base }: ExtensionScreenProps) {
  const { t } = useI18n();
  const { known, found, error, refetch } = useNamed(slot, name);
  if (error) return <Failure error={error} onRetry={() => void refetch()} />;
  if (!known)
    return (
      <div className="page">
        <Skeleton lines={6} />
      </div>
    );
  if (!found) return <NotFound title={t('extensions.away')} detail={t('extensions.away.detail')} />;
  return <Shown contribution={found} base={base} />;
}

function Shown({ contribution, base }: { contribution: Contribution; base: string }) {
  const [title, setTitle] = useState(contribution.ui.name);
  useTitle(title);
  const path = usePathBelow(base);
  return (
    <div className="page ext-p">
      {/* A frame is a document of its own: this one has no other heading. */}
      {!contribution.extension.trusted && <h1 className="vh">{title}</h1>}
      <ModuleView contribution={contribution} base={base} path={path} onTitle={setTitle} />
    </div>
  );
}
