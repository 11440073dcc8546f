import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import Plus from 'icon:plus';
import X from 'icon:x';
import { useLocation } from 'wouter';
import {
  addGroupMember,
  errorText,
  getGroup,
  removeGroup,
  removeGroupMember,
  renameGroup,
  type GroupDetail,
  type Id,
} from '@/api';
import { useForm } from '@/app/form';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import {
  Button,
  Card,
  Dialog,
  DialogFoot,
  ErrorNotice,
  IconButton,
  PageHead,
  Skeleton,
  TextField,
  toast,
} from '@/ui';
import { HolderChoice, type HolderValue } from '../choices';
import { GiveDialog } from '../rights/GiveDialog';
import { GrantList } from '../rights/GrantList';
import { useRoles } from '../rights/RightsPage';
import { groupsPath } from './GroupsPage';

type Open = 'member' | 'rename' | 'remove' | 'give' | null;

/** One group: who is in it, and what its members may do by it. */
export function GroupFile({ id }: { id: Id }) {
  const { t } = useI18n();
  const roles = useRoles();
  const [open, setOpen] = useState<Open>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['group', id],
    queryFn: ({ signal }) => getGroup(id, signal),
  });
  useTitle(data?.name ?? t('rights.groups.title'));
  const close = () => setOpen(null);
  if (!data)
    return error ? (
      <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
    ) : (
      <Skeleton lines={6} />
    );
  return (
    <>
      <PageHead
        title={data.name}
        crumbs={[{ label: t('rights.groups.title'), to: groupsPath }]}
        lede={t('rights.group.people', { count: data.people_count })}
        actions={
          <>
            <Button onPress={() => setOpen('rename')}>{t('rights.group.rename')}</Button>
            <Button onPress={() => setOpen('remove')}>{t('rights.group.remove')}</Button>
          </>
        }
      />
      <div className="adm-cards">
        <Members group={data} onAdd={() => setOpen('member')} />
        <Card
          title={t('rights.title')}
          count={data.grants.length}
          end={
            <Button size="s" icon={Plus} onPress={() => setOpen('give')}>
              {t('rights.give')}
            </Button>
          }
        >
          {data.grants.length > 0 ? (
            <GrantList grants={data.grants} roles={roles} />
          ) : (
            <p className="panel-b muted">{t('rights.none')}</p>
          )}
        </Card>
      </div>
      {open === 'member' && <MemberDialog id={id} onClose={close} />}
      {open === 'rename' && <RenameDialog group={data} onClose={close} />}
      {open === 'remove' && <RemoveDialog group={data} onClose={close} />}
      {open === 'give' && <GiveDialog roles={roles} holder={{ kind: 'group', id }} onClose={close} />}
    </>
  );
}

function useTakeOver() {
  const client = useQueryClient();
  return (group: GroupDetail) => {
    client.setQueryData(['group', group.id], group);
    void client.invalidateQueries({ queryKey: ['groups'] });
  };
}

function Members({ group, onAdd }: { group: GroupDetail; onAdd: () => void }) {
  const { t } = useI18n();
  const takeOver = useTakeOver();
  const send = useMutation({
    mutationFn: (member: Id) => removeGroupMember(group.id, member),
    onSuccess: takeOver,
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
  });
  return (
    <Card
      title={t('rights.group.members')}
      count={group.members.length}
      end={
        <Button size="s" icon={Plus} onPress={onAdd}>
          {t('rights.group.member.add')}
        </Button>
      }
    >
      {group.members.length === 0 && <p className="panel-b muted">{t('rights.group.members.none')}</p>}
      <ul className="rows">
        {group.members.map((each) => (
          <li key={each.id} className="rights-member">
            <span className="grow">
              {each.name}
              <small className="rights-under">{t(`rights.holder.${each.kind}`)}</small>
            </span>
            <IconButton
              icon={X}
              size="s"
              label={t('rights.group.member.remove', { name: each.name })}
              onPress={() => send.mutate(each.id)}
            />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function MemberDialog({ id, onClose }: { id: Id; onClose: () => void }) {
  const { t } = useI18n();
  const takeOver = useTakeOver();
  const [member, setMember] = useState<HolderValue | null>(null);
  const send = useMutation({
    mutationFn: (chosen: HolderValue) => addGroupMember(id, chosen),
    onSuccess: (group) => {
      takeOver(group);
      onClose();
    },
  });
  const form = useForm({ member: '' }, send.error);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (member) send.mutate(member);
  };
  return (
    <Dialog title={t('rights.group.member.add')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <HolderChoice
          kinds={['person', 'organisation', 'mandate']}
          error={form.errorOf('member')}
          onChange={setMember}
        />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!member}>
            {t('rights.group.member.add')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

function RenameDialog({ group, onClose }: { group: GroupDetail; onClose: () => void }) {
  const { t } = useI18n();
  const takeOver = useTakeOver();
  const send = useMutation({
    mutationFn: (name: string) => renameGroup(group.id, name),
    onSuccess: (renamed) => {
      takeOver(renamed);
      onClose();
    },
  });
  const form = useForm({ name: group.name }, send.error, { group_taken: 'name' });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send.mutate(form.values.name);
  };
  return (
    <Dialog title={t('rights.group.rename')} isOpen onClose={onClose}>
      {form.above && <ErrorNotice title={form.above} />}
      <form className="form" onSubmit={submit} noValidate>
        <TextField label={t('field.name')} isRequired autoFocus {...form.field('name')} />
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={send.isPending} isDisabled={!form.filled('name')}>
            {t('ui.save')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}

/** What goes with a group is said before it goes. */
function RemoveDialog({ group, onClose }: { group: GroupDetail; onClose: () => void }) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const send = useMutation({
    mutationFn: () => removeGroup(group.id),
    onSuccess: () => {
      for (const key of ['groups', 'grants']) void client.invalidateQueries({ queryKey: [key] });
      navigate(groupsPath);
    },
  });
  return (
    <Dialog title={t('rights.group.remove')} isOpen alert onClose={onClose}>
      {send.error && <ErrorNotice title={errorText(send.error)} />}
      <p>
        {t('rights.group.remove.ask', {
          name: group.name,
          people: group.people_count,
          grants: group.grants.length,
        })}
      </p>
      {group.grants.length > 0 && (
        <ul>
          {group.grants.map((each) => (
            <li key={each.id}>
              {each.scope.kind === 'instance' ? t('rights.scope.instance') : each.scope.name}
            </li>
          ))}
        </ul>
      )}
      <DialogFoot>
        <Button onPress={onClose}>{t('ui.cancel')}</Button>
        <Button kind="destructive" isPending={send.isPending} onPress={() => send.mutate()}>
          {t('rights.group.remove')}
        </Button>
      </DialogFoot>
    </Dialog>
  );
}
