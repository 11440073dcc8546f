import type { Country } from './Tags';
import { classes } from './classes';

export interface AvatarPerson {
  id: string;
  name: string;
  initials: string;
  organisation: { short_name: string; country: Country } | null;
}

export interface AvatarProps {
  person: AvatarPerson;
  size?: 's' | 'm' | 'l';
  /** One of the six hues of presence; otherwise the colour of the side. */
  hue?: number;
  /** The green dot: writing now. */
  live?: boolean;
  /** Give it a name of its own (when no text beside it says who it is). */
  label?: string;
}

export function Avatar({ person, size = 'm', hue, live, label }: AvatarProps) {
  const side = person.organisation?.country;
  const name = classes(
    'av',
    size === 's' && 'sm',
    size === 'l' && 'lg-a',
    hue ? `p${hue}` : side && (side === 'F' ? 'f' : 'ch'),
    live && 'live',
  );
  return label ? (
    <span className={name} role="img" aria-label={label} title={label}>
      {person.initials}
    </span>
  ) : (
    <span className={name} aria-hidden="true">
      {person.initials}
    </span>
  );
}

/** A hue of presence that stays with the person: the same on every screen. */
export function hueOf(id: string): number {
  let sum = 0;
  for (let index = 0; index < id.length; index += 1) sum = (sum * 31 + id.charCodeAt(index)) >>> 0;
  return (sum % 6) + 1;
}

export function AvatarStack({
  people,
  size = 'm',
  max = 3,
  live,
}: {
  people: AvatarPerson[];
  size?: 's' | 'm';
  max?: number;
  live?: boolean;
}) {
  const more = people.length - max;
  return (
    <span className="avs">
      {people.slice(0, max).map((person) => (
        <Avatar
          key={person.id}
          person={person}
          size={size}
          hue={hueOf(person.id)}
          live={live ?? false}
          label={person.organisation ? `${person.name}, ${person.organisation.short_name}` : person.name}
        />
      ))}
      {more > 0 && (
        <span className={classes('av', size === 's' && 'sm')} aria-hidden="true">
          +{more}
        </span>
      )}
    </span>
  );
}
