import type { Id } from '@/api';
import { paths } from '@/app/paths';

export const organisationsPath = `${paths.administration}/organismes`;
export const organisationPath = (id: Id) => `${organisationsPath}/${id}`;
export const peoplePath = `${paths.administration}/personnes`;
export const personPath = (id: Id) => `${peoplePath}/${id}`;

/** What stands behind the name of the screen in its address, or nothing. */
export function restOf(location: string): string {
  return location.slice(paths.administration.length + 1).split('/')[1] ?? '';
}
