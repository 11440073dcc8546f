import { Button } from 'react-aria-components/Button';
import type { DocumentSession } from '@/collab';
import { useI18n } from '@/i18n';
import { Avatar, CountryTag, Popover, type AvatarPerson } from '@/ui';
import { usePresence, type Present } from '../use_presence';

const kShown = 3;

function person({ id, name, initials }: Present): AvatarPerson {
  return { id, name, initials, organisation: null };
}

/** Initials of who else is here; the names are behind them. */
export function Presence({ session }: { session: DocumentSession }) {
  const { t, format } = useI18n();
  const others = usePresence(session);
  const line = (who: Present): string => {
    const place = who.organisation ? `${who.name}, ${who.organisation}` : who.name;
    return who.writing ? t('document.presence.writing', { name: place }) : place;
  };
  if (others.length === 0) return <span data-testid="presence" data-count="0" hidden />;
  return (
    <Popover
      label={t('document.presence.here', { count: others.length })}
      placement="bottom end"
      trigger={
        <Button className="pres-b" data-testid="presence" data-count={others.length}>
          <span className="vh">
            {t('document.presence.here', { count: others.length })} {format.list(others.map(line))}
          </span>
          <span className="avs pres" aria-hidden="true">
            {others.slice(0, kShown).map((who) => (
              <span key={who.id} title={line(who)}>
                <Avatar person={person(who)} hue={who.colour} live={who.writing} />
              </span>
            ))}
            {others.length > kShown && (
              <span className="av" aria-hidden="true">
                +{others.length - kShown}
              </span>
            )}
          </span>
        </Button>
      }
    >
      <ul className="pres-l">
        {others.map((who) => (
          <li key={who.id}>
            <Avatar person={person(who)} hue={who.colour} live={who.writing} />
            <span className="grow">
              <b>{who.name}</b>
              {who.organisation && <small>{who.organisation}</small>}
            </span>
            {who.country && <CountryTag country={who.country} />}
            {who.writing && <span className="meta">{t('document.presence.writes')}</span>}
          </li>
        ))}
      </ul>
    </Popover>
  );
}
