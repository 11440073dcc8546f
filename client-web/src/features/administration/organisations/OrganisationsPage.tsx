import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import Landmark from 'icon:landmark';
import Plus from 'icon:plus';
import { useLocation } from 'wouter';
import { queries } from '@/api';
import { useI18n } from '@/i18n';
import { Button, CountryTag, EmptyState, Link, PageHead, Table } from '@/ui';
import { organisationPath, restOf } from '../places';
import { SearchedList } from '../SearchedList';
import { OrganisationDialog } from './OrganisationDialog';
import { OrganisationFile } from './OrganisationFile';

export default function OrganisationsPage() {
  const [location] = useLocation();
  const id = restOf(location);
  return id ? <OrganisationFile key={id} id={id} /> : <OrganisationList />;
}

/** As many as the server answers at once. */
const kFoundMax = 50;

function OrganisationList() {
  const { t } = useI18n();
  const [, navigate] = useLocation();
  const [text, setText] = useState('');
  const [adding, setAdding] = useState(false);
  const { data, error, refetch } = useQuery(queries.organisations(text));
  const found = data?.organisations ?? [];
  return (
    <>
      <PageHead
        title={t('people.organisations')}
        lede={t('people.organisations.lede')}
        actions={
          <Button kind="primary" icon={Plus} onPress={() => setAdding(true)}>
            {t('people.organisation.add')}
          </Button>
        }
      />
      <SearchedList
        label={t('people.organisations.find')}
        text={text}
        onChange={setText}
        found={data && found.length}
        error={error}
        onRetry={() => void refetch()}
        empty={
          <EmptyState icon={Landmark} title={t('people.organisations.none')}>
            {t('people.organisations.none.detail')}
          </EmptyState>
        }
      >
        <div className="panel">
          <Table
            caption={t('people.organisations')}
            columns={[
              { id: 'name', title: t('people.organisation.name') },
              { id: 'kind', title: t('people.organisation.kind'), secondary: true },
              { id: 'country', title: t('people.country') },
            ]}
          >
            {found.map((each) => (
              <tr key={each.id}>
                <th scope="row">
                  <Link to={organisationPath(each.id)}>{each.name}</Link>
                </th>
                <td className="hide-m">{each.kind}</td>
                <td>
                  <CountryTag country={each.country} />
                </td>
              </tr>
            ))}
          </Table>
        </div>
        {found.length >= kFoundMax && <p className="meta">{t('people.more')}</p>}
      </SearchedList>
      {adding && (
        <OrganisationDialog
          onClose={() => setAdding(false)}
          onDone={(done) => {
            setAdding(false);
            navigate(organisationPath(done.id));
          }}
        />
      )}
    </>
  );
}
