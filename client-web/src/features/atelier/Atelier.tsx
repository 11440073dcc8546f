export function Atelier() {
  return null;
}
