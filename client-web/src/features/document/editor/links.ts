// Where a link may lead, and what a person probably meant.
import { kLinkProtocols } from './schema';

const kEmail = /^[^\s@:/]+@[^\s@:/]+\.[\p{L}]{2,}$/u;
const kPhone = /^\+?[\d\s().-]{6,}$/;
const kHost = /^(?:[\p{L}\p{N}-]+\.)+[\p{L}]{2,}(?::\d+)?(?:[/?#]\S*)?$/u;

/** The address as it is kept, or null when it is none: `cluse.example/a` → `https://cluse.example/a`. */
export function linkAddress(typed: string): string | null {
  const text = typed.trim();
  if (!text || /\s/.test(text.replace(kPhone, ''))) return null;
  if (kEmail.test(text)) return `mailto:${text}`;
  if (kPhone.test(text)) return `tel:${text.replace(/[^\d+]/g, '')}`;
  const scheme = /^([a-z][a-z\d+.-]*):/i.exec(text)?.[1]?.toLowerCase();
  const named = scheme && !kHost.test(text);
  if (named && !kLinkProtocols.includes(scheme)) return null;
  if (named && !scheme.startsWith('http')) return text.length > scheme.length + 1 ? text : null;
  if (!named && !kHost.test(text)) return null;
  const address = named ? text : `https://${text}`;
  try {
    return new URL(address).hostname ? address : null;
  } catch {
    return null;
  }
}
