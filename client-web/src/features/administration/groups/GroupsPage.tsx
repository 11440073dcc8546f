import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Plus from 'icon:plus';
import UsersRound from 'icon:users-round';
import { useLocation } from 'wouter';
import { addGroup, errorText, getGroups, type Id } from '@/api';
import { useForm } from '@/app/form';
import { paths } from '@/app/paths';
import { useI18n } from '@/i18n';
import {
  Button,
  Dialog,
  DialogFoot,
  EmptyState,
  ErrorNotice,
  Link,
  Option,
  PageHead,
  Select,
  Skeleton,
  Table,
  TextField,
} from '@/ui';
import { queries } from '@/api';
import { restOf } from '../places';
import { GroupFile } from './GroupFile';

export const groupsPath = `${paths.administration}/groupes`;

/** Named sets of people, organisations and mandates that are given rights together. */
export default function GroupsPage() {
  const [location] = useLocation();
  const id = restOf(location);
  return id ? <GroupFile key={id} id={id} /> : <GroupList />;
}

function GroupList() {
  const { t, format } = useI18n();
  const [isAdding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery({
    queryKey: ['groups'],
    queryFn: ({ signal }) => getGroups(signal),
  });
  const groups = data?.groups ?? [];
  return (
    <>
      <PageHead
        title={t('rights.groups.title')}
        lede={t('rights.groups.lede')}
        actions={
          <Button kind="primary" icon={Plus} onPress={() => setAdding(true)}>
            {t('rights.group.add')}
          </Button>
        }
      />
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} />
        ))}
      {data && groups.length === 0 && <EmptyState icon={UsersRound} title={t('rights.groups.none')} />}
      {groups.length > 0 && (
        <div className="panel">
          <Table
            caption={t('rights.groups.title')}
            columns={[
              { id: 'name', title: t('field.name') },
              { id: 'members', title: t('rights.group.members'), align: 'end' },
              { id: 'grants', title: t('rights.title'), align: 'end' },
              { id: 'responsible', title: t('rights.group.responsible'), secondary: true },
            ]}
          >
            {groups.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  <Link to={`${groupsPath}/${each.id}`}>{each.name}</Link>
                  {each.territory && <small className="rights-under">{each.territory.name}</small>}
                </th>
                <td className="r">{format.number(each.member_count)}</td>
                <td className="r">{format.number(each.grant_count)}</td>
                <td className="hide-m">{each.responsible?.name}</td>
              </tr>
            ))}
          </Table>
        </div>
      )}
      {isAdding && <AddGroupDialog onClose={() => setAdding(false)} />}
    </>
  );
}

function AddGroupDialog({ onClose }: { onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [territory, setTerritory] = useState<Id | ''>('');
  const { data } = useQuery(queries.territories());
  const send = useMutation({
    mutationFn: addGroup,
    onSuccess: (group) => {
      void client.invalidateQueries({ queryKey: ['groups'] });
      navigate(`${groupsPath}/${group.id}`);
    },
  });
  const form = useForm({ name: '' }, send.error, { group_taken: 'name' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate({ name: form.values.name, territory_id: territory || null });
  };
  return (
    <Dialog title={t('rights.group.add')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField label={t('field.name')} isRequired autoFocus {...form.field('name')} />
        <Select
          label={t('rights.group.where')}
          hint={t('rights.group.where.hint')}
          value={territory || 'all'}
          onChange={(key) => setTerritory(key === 'all' ? '' : (key as Id))}
        >
          {[{ id: 'all', name: t('rights.scope.instance') }, ...(data?.territories ?? [])].map((each) => (
            <Option key={each.id} id={each.id} textValue={each.name}>
              {each.name}
            </Option>
          ))}
        </Select>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!form.filled('name')}>
            {t('rights.group.add')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
