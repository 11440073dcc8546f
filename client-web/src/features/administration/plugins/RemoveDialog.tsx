import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import Download from 'icon:download';
import { errorText, pluginExportUrl, pluginQueries, removePlugin, type Plugin } from '@/api';
import { useI18n } from '@/i18n';
import { Button, buttonClass, Checkbox, Dialog, DialogFoot, ErrorNotice, toast } from '@/ui';
import { useSize } from './size';

/** The end of a plugin: its data first, then its files. */
export function RemoveDialog({
  plugin,
  name,
  onClose,
}: {
  plugin: Plugin;
  name: string;
  onClose: () => void;
}) {
  const { t } = useI18n();
  const size = useSize();
  const client = useQueryClient();
  const [data, setData] = useState(false);
  const remove = useMutation({
    mutationFn: () => removePlugin(plugin.id, data),
    onSuccess: () => {
      toast({ text: t('plugins.removed', { name }) });
      void client.invalidateQueries(pluginQueries.list());
      void client.invalidateQueries({ queryKey: ['extensions'] });
      onClose();
    },
  });
  return (
    <Dialog title={t('plugins.remove.title', { name })} isOpen onClose={onClose} alert>
      {remove.error && <ErrorNotice title={errorText(remove.error)} />}
      <p>{t('plugins.remove.detail')}</p>
      <p>
        <a className={buttonClass('plain', 's')} href={pluginExportUrl(plugin.id)} download>
          <Download />
          {t('plugins.remove.export')}
        </a>
      </p>
      <Checkbox isSelected={data} onChange={setData}>
        {t('plugins.remove.data', { size: size(plugin.limits.database_bytes) })}
      </Checkbox>
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.cancel')}</Button>
        <Button kind="destructive" isPending={remove.isPending} onPress={() => remove.mutate()}>
          {t('plugins.remove.go', { name })}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
