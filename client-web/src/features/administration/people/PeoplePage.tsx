import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import Users from 'icon:users';
import { useLocation } from 'wouter';
import { errorText, queries } from '@/api';
import { useI18n } from '@/i18n';
import { CountryTag, EmptyState, ErrorNotice, Link, PageHead, SearchField, Skeleton, Table, Tag } from '@/ui';
import { personPath, restOf } from '../places';
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
      <div className="adm-find">
        <SearchField
          label={t('people.people.find')}
          placeholder={t('people.people.find')}
          value={text}
          onChange={setText}
        />
      </div>
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={6} />
        ))}
      {data && found.length === 0 && <EmptyState icon={Users} title={t('people.people.none')} />}
      {found.length > 0 && (
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
      )}
      {found.length >= kFoundMax && <p className="meta">{t('people.more')}</p>}
    </>
  );
}
