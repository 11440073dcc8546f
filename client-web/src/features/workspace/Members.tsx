import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import Link2 from 'icon:link';
import LogOut from 'icon:log-out';
import UserMinus from 'icon:user-minus';
import UserPlus from 'icon:user-plus';
import {
  errorText,
  mayManage,
  queries,
  removeMember,
  setMember,
  type Member,
  type Role,
  type Workspace,
} from '@/api';
import { paths } from '@/app/paths';
import { useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import {
  Avatar,
  Button,
  Card,
  CountryTag,
  Dialog,
  DialogFoot,
  ErrorNotice,
  IconButton,
  Option,
  Select,
  Skeleton,
  Tag,
  toast,
  TwoSidedBar,
} from '@/ui';
import { AddPerson } from './AddPerson';
import { Invite } from './Invite';
import { PersonCard } from './PersonCard';

export const roles: Role[] = ['reader', 'commenter', 'editor', 'manager'];

/** The members, each side on its own side of the gap. */
export function Members({ space }: { space: Workspace }) {
  const { t, format } = useI18n();
  const me = useMe();
  const client = useQueryClient();
  const [, navigate] = useLocation();
  const [shown, setShown] = useState<Member | null>(null);
  const [open, setOpen] = useState<'invite' | 'add' | 'leave' | null>(null);
  const { data, error, refetch } = useQuery(queries.members(space.id));
  const manager = mayManage(space.my_role);
  const key = queries.members(space.id).queryKey;

  const settle = () => {
    void client.invalidateQueries({ queryKey: queries.workspace(space.id).queryKey });
    void client.invalidateQueries({ queryKey: queries.workspaces().queryKey });
  };

  /** At once on screen; back, with the cause, if refused. */
  const attempt = async (
    change: (members: Member[]) => Member[],
    send: () => Promise<unknown>,
    failed: string,
  ) => {
    await client.cancelQueries({ queryKey: key });
    const before = client.getQueryData(key);
    client.setQueryData(key, (old) => old && { members: change(old.members) });
    try {
      await send();
      return true;
    } catch (refused) {
      client.setQueryData(key, before);
      toast({ text: failed, note: errorText(refused), kind: 'failure' });
      return false;
    } finally {
      settle();
    }
  };

  const setRole = (member: Member, role: Role) =>
    attempt(
      (members) => members.map((each) => (each.id === member.id ? { ...each, role } : each)),
      () => setMember(space.id, member.id, role),
      t('members.role.failed', { name: member.name }),
    );

  const remove = async (member: Member) => {
    const done = await attempt(
      (members) => members.filter((each) => each.id !== member.id),
      () => removeMember(space.id, member.id),
      t('members.remove.failed', { name: member.name }),
    );
    if (!done) return;
    toast({
      text: t('members.removed', { name: member.name }),
      action: {
        label: t('ui.undo'),
        run: () =>
          void attempt(
            (members) => [...members, member],
            () => setMember(space.id, member.id, member.role),
            t('members.role.failed', { name: member.name }),
          ),
      },
    });
  };

  const leave = async () => {
    setOpen(null);
    try {
      await removeMember(space.id, me.id);
      settle();
      toast({ text: t('members.left', { space: space.name }) });
      navigate(paths.spaces);
    } catch (refused) {
      toast({
        text: t('members.leave.failed', { space: space.name }),
        note: errorText(refused),
        kind: 'failure',
      });
    }
  };

  const members = data?.members ?? [];
  const side = (country: 'F' | 'CH' | undefined) =>
    members
      .filter((each) => each.organisation?.country === country)
      .sort((a, b) => format.compare(a.name, b.name));
  const unsided = side(undefined);
  const isMember = members.some((each) => each.id === me.id);
  const { members_f: f, members_ch: ch } = space.counts;

  const row = (member: Member) => (
    <li key={member.id}>
      <Avatar person={member} />
      <div className="grow">
        <p className="strong">
          <button
            type="button"
            className="mb-p"
            aria-label={t('privacy.person.open', { name: member.name })}
            onClick={() => setShown(member)}
          >
            {member.name}
          </button>{' '}
          {member.id === me.id && <span className="meta">{t('members.me')}</span>}
        </p>
        <p className="meta">
          {[member.function, member.organisation?.short_name].filter(Boolean).join(', ')}
        </p>
      </div>
      {manager ? (
        <div className="row mb-r">
          <Select
            label={t('members.role.of', { name: member.name })}
            labelHidden
            size="s"
            value={member.role}
            onChange={(role) => void setRole(member, role as Role)}
          >
            {roles.map((role) => (
              <Option key={role} id={role} textValue={t(`role.${role}`)} note={t(`role.${role}.note`)}>
                {t(`role.${role}`)}
              </Option>
            ))}
          </Select>
          {member.id !== me.id && (
            <IconButton
              icon={UserMinus}
              size="s"
              label={t('members.remove.of', { name: member.name })}
              onPress={() => void remove(member)}
            />
          )}
        </div>
      ) : (
        <Tag tone="line">{t(`role.${member.role}`)}</Tag>
      )}
    </li>
  );

  return (
    <>
      <Card
        title={t('space.members')}
        count={space.counts.members}
        className="ws-t"
        end={
          <span className="btns">
            {isMember && (
              <Button kind="quiet" size="s" icon={LogOut} onPress={() => setOpen('leave')}>
                {t('members.leave')}
              </Button>
            )}
            {manager && (
              <>
                <Button size="s" icon={Link2} onPress={() => setOpen('invite')}>
                  {t('invite.link')}
                </Button>
                <Button size="s" icon={UserPlus} onPress={() => setOpen('add')}>
                  {t('members.add')}
                </Button>
              </>
            )}
          </span>
        }
      >
        <div className="panel-b">
          <TwoSidedBar f={f} ch={ch} label={t('members.sides', { f, ch })} />
        </div>
        {!data && (
          <div className="panel-b">
            {error ? (
              <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
            ) : (
              <Skeleton lines={5} />
            )}
          </div>
        )}
        {data && (
          <div className="mb-g">
            <section aria-labelledby="mb-f">
              <h3 id="mb-f">
                <CountryTag country="F" /> {t('country.f')}
              </h3>
              <ul className="mb">{side('F').map(row)}</ul>
              {side('F').length === 0 && <p className="meta mb-0">{t('members.side.empty')}</p>}
            </section>
            <section aria-labelledby="mb-ch">
              <h3 id="mb-ch">
                <CountryTag country="CH" /> {t('country.ch')}
              </h3>
              <ul className="mb">{side('CH').map(row)}</ul>
              {side('CH').length === 0 && <p className="meta mb-0">{t('members.side.empty')}</p>}
            </section>
            {unsided.length > 0 && (
              <section aria-labelledby="mb-n">
                <h3 id="mb-n">{t('members.no.side')}</h3>
                <ul className="mb">{unsided.map(row)}</ul>
              </section>
            )}
          </div>
        )}
      </Card>
      {shown && <PersonCard person={shown} onClose={() => setShown(null)} />}
      {open === 'invite' && <Invite space={space} onClose={() => setOpen(null)} />}
      {open === 'add' && <AddPerson space={space} members={members} onClose={() => setOpen(null)} />}
      <Dialog
        title={t('members.leave.title', { space: space.name })}
        isOpen={open === 'leave'}
        onClose={() => setOpen(null)}
        alert
      >
        <p>{t('members.leave.detail')}</p>
        <DialogFoot>
          <Button onPress={() => setOpen(null)} autoFocus>
            {t('ui.cancel')}
          </Button>
          <Button kind="destructive" onPress={() => void leave()}>
            {t('members.leave.submit', { space: space.name })}
          </Button>
        </DialogFoot>
      </Dialog>
    </>
  );
}
