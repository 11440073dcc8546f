import Check from 'icon:check';
import CircleDashed from 'icon:circle-dashed';
import Clock from 'icon:clock';
import Eye from 'icon:eye';
import Pencil from 'icon:pencil';
import type { TwinCounts, TwinDocument, TwinSet } from '@/api';
import { useI18n } from '@/i18n';
import { LanguageTag, type IconType } from '@/ui';

type TranslationState = 'current' | 'stale' | 'review' | 'missing' | 'unknown';

const icons: Record<TranslationState, IconType> = {
  current: Check,
  stale: Clock,
  review: Eye,
  missing: Pencil,
  unknown: CircleDashed,
};

/** Of a whole translation, what matters most: what no longer follows, then what is not there, then what nobody read. */
export function stateOf(counts: TwinCounts | null): TranslationState {
  if (!counts) return 'unknown';
  if (counts.stale + counts.orphan > 0) return 'stale';
  if (counts.missing > 0) return 'missing';
  return counts.review > 0 ? 'review' : 'current';
}

interface TwinMarksProps {
  set: TwinSet;
  /** Of this row. */
  id: string;
  /** The row stands for all of the set: with the other languages. */
  head: boolean;
}

/** In which languages a document exists, and how far each translation is: signs, with words for who hears them. */
export function TwinMarks({ set, id, head }: TwinMarksProps) {
  const own = set.documents.find((each) => each.id === id);
  const shown = head ? [own, ...set.documents.filter((each) => each !== own)] : [own];
  return (
    <span className="tree-l" data-testid="twin-marks">
      {shown.map(
        (each) => each && <One key={each.id} document={each} isSource={each.id === set.source_id} />,
      )}
    </span>
  );
}

function One({ document, isSource }: { document: TwinDocument; isSource: boolean }) {
  const { t } = useI18n();
  const state = stateOf(document.counts);
  const Icon = icons[state];
  const words = t(isSource ? 'languages.state.source' : `languages.state.${state}`);
  return (
    <span className="tree-tw" data-state={isSource ? 'source' : state} title={words}>
      <LanguageTag language={document.language} />
      {!isSource && <Icon size="s" />}
      <span className="vh"> {words}</span>
    </span>
  );
}
