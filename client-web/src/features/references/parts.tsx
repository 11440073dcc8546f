import Printer from 'icon:printer';
import type { Outcome, RuleSource, Verdict } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Tag, type TagTone } from '@/ui';

/** A civil day as its own noon, so that no time zone moves it. */
export const noon = (day: string) => `${day}T12:00:00`;

export function today(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

const tones: Record<Outcome, TagTone> = { met: 'ok', warned: 'wait', unknown: 'info', broken: 'no' };

export function OutcomeTag({ outcome }: { outcome: Outcome }) {
  const { t } = useI18n();
  return <Tag tone={tones[outcome]}>{t(`rules.outcome.${outcome}`)}</Tag>;
}

/** The words of a source, in their own language: a quotation, or a summary that says so. */
export function SourceQuote({ source }: { source: RuleSource }) {
  const { t } = useI18n();
  return (
    <figure className="ref-q">
      {source.verbatim ? (
        <blockquote lang={source.language}>
          <q>{source.words}</q>
        </blockquote>
      ) : (
        <p lang={source.language}>{source.words}</p>
      )}
      <figcaption className="meta">
        {!source.verbatim && `${t('rules.summary')} `}
        <cite lang={source.language}>{source.reference}</cite>
      </figcaption>
    </figure>
  );
}

/** A verdict that can be read, printed and kept: rule by rule, with the pack that judged. */
export function VerdictSheet({ verdict }: { verdict: Verdict }) {
  const { t } = useI18n();
  return (
    <section className="ref-v" aria-live="polite" data-testid="verdict" data-outcome={verdict.outcome}>
      <div className="row between">
        <p className="strong">{verdict.summary}</p>
        <Button size="s" icon={Printer} onPress={() => print()} className="noprint">
          {t('references.print')}
        </Button>
      </div>
      <ul className="ref-r">
        {verdict.rules.map((rule) => (
          <li key={rule.rule} data-rule={rule.rule} data-outcome={rule.outcome}>
            <h3>
              {rule.title} <OutcomeTag outcome={rule.outcome} />
            </h3>
            {rule.sentences.map((sentence) => (
              <p key={sentence}>{sentence}</p>
            ))}
            {rule.convention && (
              <p className="meta">
                {t('rules.convention')} {rule.convention}
              </p>
            )}
            <SourceQuote source={rule.source} />
          </li>
        ))}
      </ul>
      <p className="meta">{verdict.pack}</p>
      <p className="meta">{verdict.jurist}</p>
      <p className="meta ref-h">
        {t('rules.hash')} <code>{verdict.stamp.hash}</code>
      </p>
    </section>
  );
}
