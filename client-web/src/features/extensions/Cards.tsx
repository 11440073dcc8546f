import { keyOf, type ExtensionSlot } from '@/api';
import { useContributions } from '@/app/extensions';
import { Card } from '@/ui';
import { ModuleView } from './ModuleView';
import { pageOf } from './place';

/** What plugins put on a screen as panels: what needs me on the first one, their settings in the account. */
export default function Cards({ slot }: { slot: ExtensionSlot }) {
  return useContributions(slot).map((each) => (
    <Card key={keyOf(each)} title={each.ui.name}>
      <div className="panel-b">
        <ModuleView contribution={each} base={pageOf(each)} />
      </div>
    </Card>
  ));
}
