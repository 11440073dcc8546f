import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { errorText, explainRights, type Id, type Permission } from '@/api';
import { useI18n } from '@/i18n';
import { Card, ErrorNotice, Notice, Option, PageHead, Select, Skeleton, Tag } from '@/ui';
import { PersonChoice, ScopeChoice, type ScopeValue } from '../choices';
import { useRoles } from '../rights/RightsPage';

/** Why somebody may or may not do something: every right that leads there, and what is missing. */
export default function WhyPage() {
  const { t, locale } = useI18n();
  const roles = useRoles();
  const words = roles.find((each) => each.id === 'administrator')?.permissions ?? [];
  const [person, setPerson] = useState<Id | null>(null);
  const [scope, setScope] = useState<ScopeValue | null>(null);
  const [permission, setPermission] = useState<Permission>('content.read');
  const object = scope && (scope.id ? `${scope.kind}:${scope.id}` : scope.kind);
  const { data, error } = useQuery({
    queryKey: ['explain', person, object, permission, locale],
    queryFn: ({ signal }) =>
      explainRights({ person: person ?? '', object: object ?? '', permission }, signal),
    enabled: person !== null && object !== null,
    staleTime: 0,
  });
  return (
    <>
      <PageHead title={t('rights.why.title')} lede={t('rights.why.lede')} />
      <div className="adm-cards">
        <Card title={t('rights.why.ask')}>
          <div className="form panel-b">
            <PersonChoice label={t('rights.holder.person')} chosen={null} onChange={setPerson} />
            <ScopeChoice onChange={setScope} />
            <Select
              label={t('rights.why.permission')}
              value={permission}
              onChange={(key) => setPermission(key as Permission)}
            >
              {words.map((each) => (
                <Option key={each.id} id={each.id} textValue={each.words}>
                  {each.words}
                </Option>
              ))}
            </Select>
          </div>
        </Card>
        <div aria-live="polite">
          {error && <ErrorNotice title={errorText(error)} />}
          {person && object && !data && !error && <Skeleton lines={3} />}
          {data && (
            <Card title={t('rights.why.answer')}>
              <div className="panel-b">
                <Notice tone={data.allowed ? 'ok' : 'no'} title={data.sentence} />
                {data.reasons.length > 0 && (
                  <ol className="rights-reasons">
                    {data.reasons.map((each, index) => (
                      <li key={index}>
                        {each.sentence}{' '}
                        {each.state !== 'holds' && <Tag tone="line">{t(`rights.state.${each.state}`)}</Tag>}
                      </li>
                    ))}
                  </ol>
                )}
                <p className="meta">
                  {data.permissions.length === 0
                    ? t('rights.why.nothing')
                    : t('rights.why.may', {
                        list: words
                          .filter((each) => data.permissions.includes(each.id))
                          .map((each) => each.words)
                          .join(', '),
                      })}
                </p>
              </div>
            </Card>
          )}
        </div>
      </div>
    </>
  );
}
