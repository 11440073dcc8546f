import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import Plus from 'icon:plus';
import { errorText, getRoles, removeRole, type PermissionInfo, type RoleInfo, type RoleText } from '@/api';
import { useTitle } from '@/app/title';
import { useI18n } from '@/i18n';
import { Button, Card, ErrorNotice, PageHead, Skeleton, Tag, toast } from '@/ui';
import { RoleDialog } from './RoleDialog';
import './roles.css';

/** What is edited: a role that is there, or a text to begin with. */
type Open = { role: RoleInfo | null; text: RoleText } | null;

const textOf = (role: RoleInfo): RoleText => ({
  name_fr: role.name_fr,
  name_de: role.name_de,
  permissions: role.permissions.map((each) => each.id),
});

/** The roles there are, what each permits, and those that are made here. */
export default function RolesPage() {
  const { t, locale } = useI18n();
  useTitle(t('roles.title'));
  const [open, setOpen] = useState<Open>(null);
  const { data, error, refetch } = useQuery({
    queryKey: ['roles', locale],
    queryFn: ({ signal }) => getRoles(signal),
  });
  const copy = (role: RoleInfo) =>
    setOpen({
      role: null,
      text: {
        ...textOf(role),
        name_fr: t('roles.copy.name.fr', { name: role.name_fr }),
        name_de: t('roles.copy.name.de', { name: role.name_de }),
      },
    });
  return (
    <>
      <PageHead
        title={t('roles.title')}
        lede={t('roles.lede')}
        actions={
          <Button
            kind="primary"
            icon={Plus}
            onPress={() =>
              setOpen({ role: null, text: { name_fr: '', name_de: '', permissions: ['content.read'] } })
            }
          >
            {t('roles.add')}
          </Button>
        }
      />
      {!data &&
        (error ? <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} /> : <Skeleton />)}
      <div className="adm-cards">
        {data?.roles.map((each) => (
          <RoleCard
            key={each.id}
            role={each}
            onCopy={() => copy(each)}
            onEdit={() => setOpen({ role: each, text: textOf(each) })}
          />
        ))}
      </div>
      {open && data && (
        <RoleDialog
          role={open.role}
          initial={open.text}
          permissions={data.permissions}
          onClose={() => setOpen(null)}
        />
      )}
    </>
  );
}

function RoleCard({ role, onCopy, onEdit }: { role: RoleInfo; onCopy: () => void; onEdit: () => void }) {
  const { t, language } = useI18n();
  const client = useQueryClient();
  const remove = useMutation({
    mutationFn: () => removeRole(role.id),
    onSuccess: () => toast({ text: t('roles.removed') }),
    onError: (failure) => toast({ text: errorText(failure), kind: 'failure' }),
    onSettled: () => void client.invalidateQueries({ queryKey: ['roles'] }),
  });
  const other = language === 'de' ? role.name_fr : role.name_de;
  return (
    <Card
      title={role.name}
      end={
        <Button size="s" aria-label={t('roles.copy.of', { name: role.name })} onPress={onCopy}>
          {t('roles.copy')}
        </Button>
      }
    >
      <div className="panel-b roles-about">
        <p className="meta">
          <span lang={language === 'de' ? 'fr' : 'de'}>{other}</span>,{' '}
          {t('roles.grants', { count: role.grant_count })}{' '}
          <Tag tone="line">{t(role.is_own ? 'roles.own' : 'roles.fixed')}</Tag>
        </p>
        <Permissions list={role.permissions} />
        {role.is_own && (
          <div className="btns">
            <Button size="s" aria-label={t('roles.edit.of', { name: role.name })} onPress={onEdit}>
              {t('roles.edit')}
            </Button>
            <Button
              size="s"
              kind="danger"
              isPending={remove.isPending}
              aria-label={t('roles.remove.of', { name: role.name })}
              onPress={() => remove.mutate()}
            >
              {t('roles.remove')}
            </Button>
          </div>
        )}
      </div>
    </Card>
  );
}

function Permissions({ list }: { list: PermissionInfo[] }) {
  return (
    <ul className="roles-list">
      {list.map((each) => (
        <li key={each.id}>{each.words}</li>
      ))}
    </ul>
  );
}
