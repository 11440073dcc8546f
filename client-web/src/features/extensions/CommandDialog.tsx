import type { Contribution } from '@/api';
import { Dialog } from '@/ui';
import { ModuleView } from './ModuleView';
import { pageOf } from './place';

/** A command of a plugin's, opened from the palette. */
export default function CommandDialog({
  contribution,
  selection,
  onClose,
}: {
  contribution: Contribution;
  selection: string;
  onClose: () => void;
}) {
  return (
    <Dialog title={contribution.ui.name} isOpen onClose={onClose} wide>
      <ModuleView
        contribution={contribution}
        context={selection ? { selection } : {}}
        base={pageOf(contribution)}
        onClose={onClose}
      />
    </Dialog>
  );
}
