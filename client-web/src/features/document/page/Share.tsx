import Copy from 'icon:link';
import UserPlus from 'icon:user-plus';
import Users from 'icon:users';
import { useI18n } from '@/i18n';
import { Button, Menu, MenuItem, toast } from '@/ui';

export function Share({ membersPath, onGo }: { membersPath: string; onGo(path: string): void }) {
  const { t } = useI18n();
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(window.location.href);
      toast({ text: t('document.share.copied'), note: t('document.share.who') });
    } catch {
      toast({ text: t('document.share.not.copied'), note: window.location.href, kind: 'failure' });
    }
  };
  return (
    <Menu
      trigger={
        <Button kind="primary" size="s" icon={UserPlus}>
          {t('document.share')}
        </Button>
      }
      onAction={(key) => (key === 'copy' ? void copy() : onGo(membersPath))}
    >
      <MenuItem id="copy" icon={Copy}>
        {t('document.share.copy')}
      </MenuItem>
      <MenuItem id="members" icon={Users}>
        {t('document.share.members')}
      </MenuItem>
    </Menu>
  );
}
