import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import Upload from 'icon:upload';
import { errorText, inviteMany } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, Notice, PageHead } from '@/ui';
import { OrganisationsCard } from './OrganisationsCard';
import { Rows } from './Rows';
import { noSpace, SpaceChoice, tally } from './SpaceChoice';

/** Inviting many people from a list: first what would become of each row, then all of it. */
export default function InvitationsPage() {
  const { t } = useI18n();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [space, setSpace] = useState(noSpace);
  const send = useMutation({
    mutationFn: (step: { list: File; preview: boolean }) =>
      inviteMany(step.list, {
        preview: step.preview ? 'true' : undefined,
        ...(space.id ? { workspace: space.id, role: space.role } : {}),
      }),
  });
  const rows = send.data?.rows ?? [];
  const { todo, refused } = tally(rows);
  return (
    <>
      <PageHead title={t('rights.batch.title')} lede={t('rights.batch.lede')} />
      <div className="adm-cards">
        <Card title={t('rights.batch.list')}>
          <div className="panel-b form">
            <p className="muted">{t('rights.batch.columns')}</p>
            <SpaceChoice
              value={space}
              onChange={(wanted) => {
                setSpace(wanted);
                send.reset();
              }}
            />
            <input
              ref={input}
              type="file"
              className="vh"
              tabIndex={-1}
              accept=".csv,.txt,text/csv"
              aria-label={t('rights.batch.choose')}
              onChange={(event) => {
                const list = event.target.files?.[0] ?? null;
                event.target.value = '';
                setFile(list);
                if (list) send.mutate({ list, preview: true });
              }}
            />
            <div className="btns">
              <Button icon={Upload} isPending={send.isPending} onPress={() => input.current?.click()}>
                {t('rights.batch.choose')}
              </Button>
              {file && !send.data && !send.isPending && (
                <Button onPress={() => send.mutate({ list: file, preview: true })}>
                  {t('rights.batch.check', { name: file.name })}
                </Button>
              )}
            </div>
          </div>
        </Card>
        <div aria-live="polite">
          {send.error && <ErrorNotice title={errorText(send.error)} />}
          {send.data && (
            <Card
              title={t(send.data.done ? 'rights.batch.result' : 'rights.batch.preview')}
              count={rows.length}
            >
              <div className="panel-b form">
                <Notice tone={refused > 0 ? 'wait' : 'ok'}>
                  {t(send.data.done ? 'rights.batch.was.done' : 'rights.batch.would', { todo, refused })}
                </Notice>
                {!send.data.done && (
                  <div className="btns">
                    <Button
                      kind="primary"
                      isDisabled={todo === 0 || !file}
                      isPending={send.isPending}
                      onPress={() => file && send.mutate({ list: file, preview: false })}
                    >
                      {t('rights.batch.confirm', { todo })}
                    </Button>
                  </div>
                )}
              </div>
              <Rows rows={rows} />
            </Card>
          )}
        </div>
        <OrganisationsCard />
      </div>
    </>
  );
}
