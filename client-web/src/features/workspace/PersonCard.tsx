import { useQuery } from '@tanstack/react-query';
import { errorText, privacyQueries, type Person } from '@/api';
import { paths } from '@/app/paths';
import { hatText, useMe } from '@/app/session';
import { useI18n } from '@/i18n';
import { Avatar, Dialog, ErrorNotice, Link, Skeleton } from '@/ui';

/** Who somebody is and how to reach her, as far as she shows it. */
export function PersonCard({ person, onClose }: { person: Person; onClose(): void }) {
  const { t } = useI18n();
  const me = useMe();
  const { data, error, refetch } = useQuery(privacyQueries.contact(person.id));
  return (
    <Dialog title={person.name} isOpen onClose={onClose}>
      <div className="pc-h">
        <Avatar person={person} />
        <p>{hatText(person)}</p>
      </div>
      {!data &&
        (error ? (
          <ErrorNotice title={errorText(error)} onRetry={() => void refetch()} />
        ) : (
          <Skeleton lines={2} />
        ))}
      {data?.contact.length === 0 && (
        <p className="muted">{t('privacy.person.none', { name: person.name })}</p>
      )}
      {data && data.contact.length > 0 && (
        <dl className="pc-d">
          {data.contact.map((each) => (
            <div key={each.kind}>
              <dt className="meta">{t(`privacy.contact.${each.kind}`)}</dt>
              <dd>
                {each.kind === 'address' ? (
                  each.value
                ) : (
                  <a href={`${each.kind === 'email' ? 'mailto:' : 'tel:'}${each.value.replace(/\s/g, '')}`}>
                    {each.value}
                  </a>
                )}
              </dd>
            </div>
          ))}
        </dl>
      )}
      {person.id === me.id && (
        <p>
          <Link to={paths.contact}>{t('privacy.person.edit')}</Link>
        </p>
      )}
    </Dialog>
  );
}
