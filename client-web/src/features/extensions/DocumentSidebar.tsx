import { useMemo } from 'react';
import X from 'icon:x';
import { keyOf, type Document } from '@/api';
import { useContributions } from '@/app/extensions';
import { useI18n } from '@/i18n';
import { Card, IconButton } from '@/ui';
import { ModuleView } from './ModuleView';
import { documentContext, pageOf } from './place';

/** What plugins show beside a document. */
export default function DocumentSidebar({ document, onClose }: { document: Document; onClose: () => void }) {
  const { t } = useI18n();
  const context = useMemo(() => ({ document: documentContext(document) }), [document]);
  return (
    <aside className="margin ext-s" aria-label={t('extensions.sidebar')} data-testid="sidebar">
      {useContributions('document.sidebar').map((each, index) => (
        <Card
          key={keyOf(each)}
          title={each.ui.name}
          end={
            index === 0 && (
              <IconButton icon={X} kind="quiet" size="s" label={t('ui.close')} onPress={onClose} />
            )
          }
        >
          <div className="panel-b">
            <ModuleView contribution={each} context={context} base={pageOf(each)} />
          </div>
        </Card>
      ))}
    </aside>
  );
}
