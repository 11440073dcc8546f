import { useQuery } from '@tanstack/react-query';
import { queries, type BatchRow, type Id, type Role } from '@/api';
import { useI18n } from '@/i18n';
import { Option, Select } from '@/ui';

const roles: readonly Role[] = ['reader', 'commenter', 'editor', 'manager'];
const changes: readonly BatchRow['outcome'][] = ['invite', 'renew', 'add'];

/** The workspace that those who are invited become members of, and as what; none: an account alone. */
export interface Space {
  id: Id | null;
  role: Role;
}
export const noSpace: Space = { id: null, role: 'reader' };

/** How many rows change something, and how many cannot. */
export const tally = (rows: readonly BatchRow[]): { todo: number; refused: number } => ({
  todo: rows.filter((each) => changes.includes(each.outcome)).length,
  refused: rows.filter((each) => each.outcome === 'refused').length,
});

export function SpaceChoice({ value, onChange }: { value: Space; onChange(space: Space): void }) {
  const { t } = useI18n();
  const { data } = useQuery(queries.workspaces());
  return (
    <div className="adm-pair">
      <Select
        label={t('rights.batch.workspace')}
        value={value.id ?? 'none'}
        onChange={(key) => onChange({ ...value, id: key === 'none' ? null : (key as Id) })}
      >
        {[{ id: 'none', name: t('rights.batch.workspace.none') }, ...(data?.workspaces ?? [])].map((each) => (
          <Option key={each.id} id={each.id} textValue={each.name}>
            {each.name}
          </Option>
        ))}
      </Select>
      {value.id && (
        <Select
          label={t('rights.column.role')}
          value={value.role}
          onChange={(key) => onChange({ ...value, role: key as Role })}
        >
          {roles.map((each) => (
            <Option key={each} id={each} textValue={t(`role.${each}`)}>
              {t(`role.${each}`)}
            </Option>
          ))}
        </Select>
      )}
    </div>
  );
}
