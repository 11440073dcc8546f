import { useMemo, useState } from 'react';
import { ListBox } from 'react-aria-components/ListBox';
import type { Document } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, Option } from '@/ui';
import { folders, top } from './NewDocumentDialog';
import { lastIn, withDescendants, type Place } from './arrange';

interface MoveDialogProps {
  document: Document;
  documents: Document[];
  onClose: () => void;
  onMove: (place: Place) => void;
}

/** « Déplacer vers… »: what dragging does, with a list and a button. */
export function MoveDialog({ document, documents, onClose, onMove }: MoveDialogProps) {
  const { t } = useI18n();
  const here = document.parent_id ?? top;
  const [place, setPlace] = useState(here);
  const places = useMemo(
    () => folders(documents, withDescendants(documents, document.id)),
    [documents, document.id],
  );
  return (
    <Dialog title={t('move.title', { title: document.title })} isOpen onClose={onClose}>
      <ListBox
        aria-label={t('move.places')}
        className="list mv-l"
        selectionMode="single"
        disallowEmptySelection
        selectedKeys={[place]}
        onSelectionChange={(keys) => {
          const [key] = keys as Set<string>;
          if (key) setPlace(key);
        }}
        autoFocus
      >
        <Option id={top} textValue={t('move.top')}>
          {t('move.top')} {here === top && <span className="meta">{t('move.here')}</span>}
        </Option>
        {places.map((each) => (
          <Option key={each.document.id} id={each.document.id} textValue={each.document.title}>
            {'\u2003'.repeat(each.depth + 1)}
            {each.document.title}{' '}
            {here === each.document.id && <span className="meta">{t('move.here')}</span>}
          </Option>
        ))}
      </ListBox>
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.cancel')}</Button>
        <Button
          kind="primary"
          isDisabled={place === here}
          onPress={() => {
            onMove(lastIn(documents, place === top ? null : place, document.id));
            onClose();
          }}
        >
          {t('move.submit')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
