import type { ContextBlock } from '@cluse/sdk';
import { useMemo } from 'react';
import Blocks from 'icon:blocks';
import { contributionsTo, extensionQueries, type Document } from '@/api';
import { useQuery } from '@tanstack/react-query';
import { useI18n } from '@/i18n';
import { Button, toast } from '@/ui';
import { ModuleView } from './ModuleView';
import { documentContext, pageOf } from './place';

/** What a block may hold, as JSON. */
export const kBlockBytesMax = 64 << 10;

export interface BlockViewProps {
  plugin: string;
  /** JSON, as it stands in the document. */
  data: string | null;
  editable: boolean;
  document: Document | undefined;
  onChange(data: string): void;
  onRemove(): void;
}

/** A block of a document that a plugin draws. While the plugin is away the document keeps it, and says so. */
export default function BlockView({ plugin, data, editable, document, onChange, onRemove }: BlockViewProps) {
  const { t } = useI18n();
  const { data: extensions } = useQuery(extensionQueries.all());
  const found = contributionsTo('document.block', extensions).find((each) => each.extension.id === plugin);
  const block = useMemo<ContextBlock>(() => ({ data: read(data), editable }), [data, editable]);
  const context = useMemo(() => (document ? { document: documentContext(document) } : {}), [document]);
  if (!extensions) return null;
  if (!found)
    return (
      <div className="ext-b away" role="note">
        <Blocks />
        <div>
          <b>{t('extensions.block.away')}</b>
          <p className="meta">{t('extensions.block.away.detail', { plugin })}</p>
        </div>
        {editable && (
          <Button kind="quiet" size="s" onPress={onRemove}>
            {t('extensions.block.remove')}
          </Button>
        )}
      </div>
    );
  const change = (next: unknown): void => {
    const text = JSON.stringify(next ?? null);
    if (new TextEncoder().encode(text).length > kBlockBytesMax) {
      toast({ text: t('extensions.block.large'), kind: 'failure' });
      return;
    }
    if (editable && text !== data) onChange(text);
  };
  return (
    <section className="ext-b" aria-label={t('extensions.block', { name: found.ui.name })}>
      <ModuleView
        contribution={found}
        context={context}
        base={pageOf(found)}
        block={block}
        onBlock={change}
      />
    </section>
  );
}

function read(data: string | null): unknown {
  if (data === null) return null;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}
