import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import X from 'icon:x';
import { errorText, withdrawGrant, type Grant, type RoleInfo } from '@/api';
import { useI18n } from '@/i18n';
import { Button, Dialog, DialogFoot, IconButton, Table, Tag, toast } from '@/ui';

/** Who was given what, where and until when; each can be withdrawn. */
export function GrantList({ grants, roles }: { grants: Grant[]; roles: RoleInfo[] }) {
  const { t, format } = useI18n();
  const client = useQueryClient();
  const [leaving, setLeaving] = useState<Grant | null>(null);
  const send = useMutation({
    mutationFn: withdrawGrant,
    onSuccess: () => {
      for (const key of ['grants', 'groups', 'group']) void client.invalidateQueries({ queryKey: [key] });
      toast({ text: t('rights.withdrawn') });
    },
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
    onSettled: () => setLeaving(null),
  });
  const role = (grant: Grant) => roles.find((each) => each.id === grant.role)?.name ?? grant.role;
  const scope = (grant: Grant) =>
    grant.scope.kind === 'instance' ? t('rights.scope.instance') : grant.scope.name;
  return (
    <>
      <Table
        caption={t('rights.title')}
        className="rights-table"
        columns={[
          { id: 'holder', title: t('rights.column.holder') },
          { id: 'role', title: t('rights.column.role') },
          { id: 'scope', title: t('rights.column.scope') },
          { id: 'until', title: t('rights.column.until'), secondary: true },
          { id: 'act', title: t('rights.withdraw'), titleHidden: true, align: 'end' },
        ]}
      >
        {grants.map((each) => (
          <tr key={each.id}>
            <th scope="row">
              {each.holder.name}
              <small className="rights-under">{t(`rights.holder.${each.holder.kind}`)}</small>
            </th>
            <td>
              {role(each)}{' '}
              {each.state !== 'holds' && <Tag tone="line">{t(`rights.state.${each.state}`)}</Tag>}
            </td>
            <td>
              {scope(each)}
              {each.scope.kind !== 'instance' && (
                <small className="rights-under">{t(`rights.scope.${each.scope.kind}`)}</small>
              )}
            </td>
            <td className="hide-m">{each.last_day ? format.date(each.last_day) : t('rights.until.open')}</td>
            <td className="r">
              <IconButton
                icon={X}
                size="s"
                label={t('rights.withdraw.of', { role: role(each), name: each.holder.name })}
                onPress={() => setLeaving(each)}
              />
            </td>
          </tr>
        ))}
      </Table>
      {leaving && (
        <Dialog title={t('rights.withdraw')} isOpen alert onClose={() => setLeaving(null)}>
          <p>
            {t('rights.withdraw.ask', {
              role: role(leaving),
              name: leaving.holder.name,
              scope: scope(leaving),
            })}
          </p>
          <DialogFoot>
            <Button onPress={() => setLeaving(null)}>{t('ui.cancel')}</Button>
            <Button kind="destructive" isPending={send.isPending} onPress={() => send.mutate(leaving.id)}>
              {t('rights.withdraw')}
            </Button>
          </DialogFoot>
        </Dialog>
      )}
    </>
  );
}
