import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import {
  errorText,
  findPeople,
  queries,
  setMember,
  type Id,
  type Member,
  type Role,
  type Workspace,
} from '@/api';
import { useI18n } from '@/i18n';
import { Button, ComboBox, CountryTag, Dialog, DialogFoot, ErrorNotice, Option, Select, toast } from '@/ui';
import { roles } from './Members';

/** Gives a person who already has an account a place in the space. */
export function AddPerson({
  space,
  members,
  onClose,
}: {
  space: Workspace;
  members: Member[];
  onClose: () => void;
}) {
  const { t } = useI18n();
  const client = useQueryClient();
  const [text, setText] = useState('');
  const [person, setPerson] = useState<Id | null>(null);
  const [role, setRole] = useState<Role>('editor');
  const { data } = useQuery({
    queryKey: ['people', text],
    queryFn: ({ signal }) => findPeople(text, signal),
    placeholderData: keepPreviousData,
  });
  const people = (data?.people ?? []).filter((each) => !members.some((member) => member.id === each.id));
  const add = useMutation({
    mutationFn: () => setMember(space.id, person ?? '', role),
    onSuccess: (member) => {
      void client.invalidateQueries({ queryKey: queries.workspace(space.id).queryKey });
      toast({ text: t('members.added', { name: member.name }) });
      onClose();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Dialog title={t('members.add.title', { space: space.name })} isOpen onClose={onClose}>
      {add.error && <ErrorNotice title={errorText(add.error)} />}
      <form className="form" onSubmit={submit} noValidate>
        <ComboBox
          label={t('members.person')}
          hint={t('members.person.hint')}
          items={people}
          loading={data === undefined}
          inputValue={text}
          onInputChange={setText}
          value={person}
          onChange={(key) => setPerson(key === null ? null : String(key))}
          menuTrigger="input"
          autoFocus
        >
          {(each) => (
            <Option
              id={each.id}
              textValue={each.name}
              note={[each.function, each.organisation?.short_name].filter(Boolean).join(', ')}
            >
              {each.name} {each.organisation && <CountryTag country={each.organisation.country} />}
            </Option>
          )}
        </ComboBox>
        <Select label={t('members.role')} value={role} onChange={(key) => setRole(key as Role)}>
          {roles.map((each) => (
            <Option key={each} id={each} textValue={t(`role.${each}`)} note={t(`role.${each}.note`)}>
              {t(`role.${each}`)}
            </Option>
          ))}
        </Select>
        <DialogFoot>
          <Button onPress={onClose}>{t('ui.cancel')}</Button>
          <Button type="submit" kind="primary" isPending={add.isPending} isDisabled={!person}>
            {t('members.add.submit')}
          </Button>
        </DialogFoot>
      </form>
    </Dialog>
  );
}
