import { useI18n } from '@/i18n';
import { Dialog } from '@/ui';
import type { Row } from '../twins/pair';
import { compareWords } from '../twins/words';

/** What the source said when this was translated, and what it says now. */
export function WhatChanged({ row, language, onClose }: { row: Row; language: string; onClose(): void }) {
  const { t } = useI18n();
  const pieces = compareWords(row.mark?.text ?? '', row.source?.text ?? '');
  const same = pieces.every(({ kind }) => kind === 'same');
  return (
    <Dialog title={t('twins.changes.title')} isOpen onClose={onClose} wide>
      {same && <p>{t('twins.changes.none')}</p>}
      <p className="bi-diff" lang={language} data-testid="what-changed">
        {pieces.map(({ kind, text }, at) => {
          if (kind === 'same') return <span key={at}>{text}</span>;
          return kind === 'gone' ? <del key={at}>{text}</del> : <ins key={at}>{text}</ins>;
        })}
      </p>
    </Dialog>
  );
}
