import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { acceptPlugin, dropPlugin, errorText, pluginQueries, sendPlugin, type PluginUpload } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Checkbox, Dialog, DialogFoot, ErrorNotice, Notice, Progress, toast } from '@/ui';
import { GrantList } from './GrantList';

/** One file on its way in: sent, looked at, and installed only once what it asks for was accepted. */
export function UploadDialog({ file, onClose }: { file: File; onClose: () => void }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const [share, setShare] = useState(0);
  const [isChild, setChild] = useState(false);
  const { mutate: begin, ...sent } = useMutation({ mutationFn: () => sendPlugin(file, setShare) });
  useEffect(() => begin(), [begin]);
  const preview = sent.data;
  const name = preview ? (preview.name[language] ?? preview.id) : file.name;
  const accept = useMutation({
    mutationFn: ({ upload }: PluginUpload) => acceptPlugin(upload, isChild ? 'child' : undefined),
    onSuccess: ({ version }, { present_version }) => {
      toast({ text: t(present_version ? 'plugins.updated' : 'plugins.installed', { name, version }) });
      void client.invalidateQueries(pluginQueries.list());
      void client.invalidateQueries({ queryKey: ['extensions'] });
      onClose();
    },
  });
  const close = (): void => {
    if (preview && !accept.isSuccess) void dropPlugin(preview.upload).catch(() => undefined);
    onClose();
  };
  const title = !preview
    ? t('plugins.upload')
    : preview.present_version
      ? t('plugins.preview.update', { name })
      : t('plugins.preview.new', { name, version: preview.version });
  return (
    <Dialog title={title} isOpen onClose={close} wide>
      {sent.error && <ErrorNotice title={errorText(sent.error)} />}
      {sent.isPending && <Progress label={t('plugins.upload.sending', { name })} value={share} />}
      {preview && <Preview preview={preview} />}
      {preview?.host_default === 'direct' && (
        <>
          <Notice tone="wait">{t('plugins.preview.direct')}</Notice>
          <Checkbox isSelected={isChild} onChange={setChild}>
            {t('plugins.preview.child')}
          </Checkbox>
        </>
      )}
      {accept.error && <ErrorNotice title={errorText(accept.error)} />}
      <DialogFoot>
        <Button onPress={close}>{t('ui.cancel')}</Button>
        {preview && (
          <Button kind="primary" isPending={accept.isPending} onPress={() => accept.mutate(preview)}>
            {t(preview.present_version ? 'plugins.accept.update' : 'plugins.accept')}
          </Button>
        )}
      </DialogFoot>
    </Dialog>
  );
}

function Preview({ preview }: { preview: PluginUpload }) {
  const { t } = useI18n();
  const {
    present_version: before,
    version: after,
    signer,
    known_signer,
    added_grants,
    removed_grants,
  } = preview;
  return (
    <div className="adm-stack">
      {before && <p>{t('plugins.preview.versions', { before, after })}</p>}
      {!signer ? (
        <Notice tone="wait">{t('plugins.preview.unsigned')}</Notice>
      ) : known_signer ? (
        <Notice tone="ok">{t('plugins.preview.signed')}</Notice>
      ) : (
        <Notice tone="wait">
          {t('plugins.preview.signed.new')} <code className="plg-key">{signer}</code>
        </Notice>
      )}
      {before && added_grants.length === 0 && <p>{t('plugins.preview.same')}</p>}
      {(!before || added_grants.length > 0) && (
        <GrantList
          title={t(before ? 'plugins.preview.added' : 'plugins.preview.asks')}
          grants={before ? added_grants : preview.grants}
        />
      )}
      {removed_grants.length > 0 && (
        <GrantList title={t('plugins.preview.removed')} grants={removed_grants} />
      )}
    </div>
  );
}
