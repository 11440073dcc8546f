/** « Nord Franche-Comté – Jura » → NJ: the first letters of the first and of the last word that counts. */
export function initialsOf(name: string): string {
  const words = name.split(/[\s–—-]+/).filter((word) => word.length > 2);
  const first = words[0] ?? name;
  const last = words.length > 1 ? (words[words.length - 1] ?? '') : '';
  return `${first.charAt(0)}${last ? last.charAt(0) : first.charAt(1)}`.toLocaleUpperCase();
}
