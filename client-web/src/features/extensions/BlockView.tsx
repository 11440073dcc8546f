import type { ContextBlock, StandIn } from '@cluse/sdk';
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
/** How much stands for it in words. */
export const kStandInCharactersMax = 2000;

export interface BlockViewProps {
  plugin: string;
  /** JSON, as it stands in the document. */
  data: string | null;
  /** What the plugin said for those who do not see it drawn. */
  text: string;
  editable: boolean;
  document: Document | undefined;
  onChange(data: string, standIn?: StandIn): void;
  onRemove(): void;
}

/** A block of a document that a plugin draws. While the plugin is away the document keeps it, and says so. */
export default function BlockView({
  plugin,
  data,
  text,
  editable,
  document,
  onChange,
  onRemove,
}: BlockViewProps) {
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
          <b>{text || t('extensions.block.away')}</b>
          {text && <p className="meta">{t('extensions.block.away')}</p>}
          <p className="meta">{t('extensions.block.away.detail', { plugin })}</p>
        </div>
        {editable && (
          <Button kind="quiet" size="s" onPress={onRemove}>
            {t('extensions.block.remove')}
          </Button>
        )}
      </div>
    );
  const change = (next: unknown, standIn?: StandIn): void => {
    const written = JSON.stringify(next ?? null);
    if (new TextEncoder().encode(written).length > kBlockBytesMax) {
      toast({ text: t('extensions.block.large'), kind: 'failure' });
      return;
    }
    if (editable) onChange(written, standIn && cleaned(standIn));
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

/** A plugin's word for it: texts of a length that a document bears. */
function cleaned({ text, path }: StandIn): StandIn {
  const cut = String(text).slice(0, kStandInCharactersMax);
  return typeof path === 'string' ? { text: cut, path: path.slice(0, kStandInCharactersMax) } : { text: cut };
}

function read(data: string | null): unknown {
  if (data === null) return null;
  try {
    return JSON.parse(data) as unknown;
  } catch {
    return null;
  }
}
