import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import X from 'icon:x';
import { errorText, inviteOrganisations, queries, type Id } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, IconButton, Notice } from '@/ui';
import { OrganisationChoice } from '../fields';
import { Rows } from './Rows';
import { noSpace, SpaceChoice, tally } from './SpaceChoice';

/** Everybody of some organisations at once: the same preview, the same rows as a list. */
export function OrganisationsCard() {
  const { t } = useI18n();
  const [chosen, setChosen] = useState<Id[]>([]);
  const [space, setSpace] = useState(noSpace);
  const send = useMutation({
    mutationFn: (preview: boolean) =>
      inviteOrganisations(
        { organisations: chosen, ...(space.id ? { workspace_id: space.id, role: space.role } : {}) },
        preview,
      ),
  });
  const rows = send.data?.rows ?? [];
  const { todo, refused } = tally(rows);
  const choose = (ids: Id[]) => {
    setChosen(ids);
    send.reset();
  };
  return (
    <Card title={t('invite.organisations.title')}>
      <div className="panel-b form" data-testid="invite-organisations">
        <p className="muted">{t('invite.organisations.lede')}</p>
        <ul className="adm-plain">
          {chosen.map((id) => (
            <Chosen key={id} id={id} onRemove={() => choose(chosen.filter((each) => each !== id))} />
          ))}
        </ul>
        <OrganisationChoice
          // Empty again after each choice.
          key={chosen.length}
          label={t('invite.organisations.add')}
          chosen={null}
          onChange={(id) => id && !chosen.includes(id) && choose([...chosen, id])}
        />
        <SpaceChoice
          value={space}
          onChange={(wanted) => {
            setSpace(wanted);
            send.reset();
          }}
        />
        <div className="btns">
          <Button
            isDisabled={chosen.length === 0}
            isPending={send.isPending && send.variables}
            onPress={() => send.mutate(true)}
          >
            {t('invite.organisations.check')}
          </Button>
          {send.data && !send.data.done && todo > 0 && (
            <Button kind="primary" isPending={send.isPending} onPress={() => send.mutate(false)}>
              {t('rights.batch.confirm', { todo })}
            </Button>
          )}
        </div>
        <div aria-live="polite">
          {send.error && <ErrorNotice title={errorText(send.error)} />}
          {send.data && (
            <Notice tone={refused > 0 ? 'wait' : 'ok'}>
              {t(send.data.done ? 'rights.batch.was.done' : 'rights.batch.would', { todo, refused })}
            </Notice>
          )}
        </div>
      </div>
      {rows.length > 0 && <Rows rows={rows} />}
    </Card>
  );
}

function Chosen({ id, onRemove }: { id: Id; onRemove: () => void }) {
  const { t } = useI18n();
  const { data } = useQuery(queries.organisation(id));
  const name = data?.name ?? '';
  return (
    <li className="row between">
      <span>{name}</span>
      <IconButton icon={X} size="s" label={t('invite.organisations.remove', { name })} onPress={onRemove} />
    </li>
  );
}
