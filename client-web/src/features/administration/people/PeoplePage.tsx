import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import Users from 'icon:users';
import { useLocation } from 'wouter';
import { queries } from '@/api';
import { useI18n } from '@/i18n';
import { CountryTag, EmptyState, Link, PageHead, Table, Tag } from '@/ui';
import { personPath, restOf } from '../places';
import { SearchedList } from '../SearchedList';
import { PersonFile } from './PersonFile';

export default function PeoplePage() {
  const [location] = useLocation();
  const id = restOf(location);
  return id ? <PersonFile key={id} id={id} /> : <PeopleList />;
}

/** As many as the server answers at once. */
const kFoundMax = 50;

function PeopleList() {
  const { t } = useI18n();
  const [text, setText] = useState('');
  const { data, error, refetch } = useQuery(queries.people(text));
  const found = data?.people ?? [];
  return (
    <>
      <PageHead title={t('people.people')} lede={t('people.people.lede')} />
      <SearchedList
        label={t('people.people.find')}
        text={text}
        onChange={setText}
        found={data && found.length}
        error={error}
        onRetry={() => void refetch()}
        empty={<EmptyState icon={Users} title={t('people.people.none')} />}
      >
        <div className="panel">
          <Table
            caption={t('people.people')}
            columns={[
              { id: 'name', title: t('field.name') },
              { id: 'function', title: t('field.function'), secondary: true },
              { id: 'organisation', title: t('people.organisation') },
            ]}
          >
            {found.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  <Link to={personPath(each.id)}>{each.name}</Link>{' '}
                  {each.is_admin && <Tag tone="line">{t('people.administrator')}</Tag>}
                </th>
                <td className="hide-m">{each.function}</td>
                <td>
                  {each.organisation && (
                    <>
                      {each.organisation.short_name} <CountryTag country={each.organisation.country} />
                    </>
                  )}
                </td>
              </tr>
            ))}
          </Table>
        </div>
        {found.length >= kFoundMax && <p className="meta">{t('people.more')}</p>}
      </SearchedList>
    </>
  );
}
