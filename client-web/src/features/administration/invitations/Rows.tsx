import type { BatchRow } from '@/api';
import { useI18n } from '@/i18n';
import { Table, Tag } from '@/ui';

/** What becomes of each row. */
export function Rows({ rows }: { rows: BatchRow[] }) {
  const { t, format } = useI18n();
  return (
    <Table
      caption={t('rights.batch.list')}
      columns={[
        { id: 'line', title: t('rights.batch.line'), align: 'end', secondary: true },
        { id: 'email', title: t('field.email') },
        { id: 'outcome', title: t('rights.batch.outcome') },
      ]}
    >
      {rows.map((each) => (
        <tr key={each.line}>
          <td className="r hide-m">{format.number(each.line)}</td>
          <th scope="row" className="rights-wrap">
            {each.email || t('journal.unnamed')}
            <small className="rights-under">
              {[each.name, each.function, each.organisation].filter(Boolean).join(', ')}
            </small>
          </th>
          <td className="rights-wrap">
            <Tag tone="line">{t(`rights.outcome.${each.outcome}`)}</Tag>
            {each.why && <small className="rights-under">{each.why}</small>}
            {each.url && <small className="rights-under">{each.url}</small>}
          </td>
        </tr>
      ))}
    </Table>
  );
}
