import ChevronDown from 'icon:chevron-down';
import Download from 'icon:download';
import { exportUrl } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Menu, MenuItem } from '@/ui';

export function ExportMenu({ documentId }: { documentId: string }) {
  const { t } = useI18n();
  return (
    <Menu
      trigger={
        <Button kind="quiet" size="s" icon={Download}>
          {t('document.export')}
          <ChevronDown size="s" />
        </Button>
      }
    >
      <MenuItem id="md" href={exportUrl(documentId, 'md')} download="" textValue="Markdown">
        {t('document.export.md')}
      </MenuItem>
      <MenuItem id="html" href={exportUrl(documentId, 'html')} download="" textValue="HTML">
        {t('document.export.html')}
      </MenuItem>
    </Menu>
  );
}
