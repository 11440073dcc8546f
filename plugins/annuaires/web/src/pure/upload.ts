// A file in parts, so that a large one needs no large request and a cut costs one part.

export interface Part {
  n: number;
  from: number;
  to: number;
}

export function parts(size: number, bytes: number): Part[] {
  const count = Math.max(1, Math.ceil(size / bytes));
  return Array.from({ length: count }, (_, n) => ({
    n,
    from: n * bytes,
    to: Math.min(size, (n + 1) * bytes),
  }));
}

/** Sends them one after the other; each is tried three times, as a network that fails once often does not fail twice. */
export async function send(
  file: Blob,
  bytes: number,
  put: (n: number, octets: Blob) => Promise<unknown>,
  onProgress: (sent: number) => void,
  tries = 3,
): Promise<void> {
  for (const part of parts(file.size, bytes)) {
    for (let attempt = 1; ; attempt++) {
      try {
        await put(part.n, file.slice(part.from, part.to));
        break;
      } catch (error) {
        const status = (error as { status?: number }).status ?? 0;
        if (attempt === tries || (status >= 400 && status < 500)) throw error;
      }
    }
    onProgress(part.to);
  }
}
