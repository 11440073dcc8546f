// Sending an image: what is hopeless is said before it travels, and failures get a name that has words for it.
import { ApiError, uploadImage as send, type UploadedImage } from '@/api';

/** What the server accepts (docs/api.md). It looks at the bytes; this list spares a hopeless upload. */
export const kImageTypes = ['image/png', 'image/jpeg', 'image/gif', 'image/webp'];
export const kImageMaxBytes = 25 * 1024 * 1024;

export type { UploadedImage };
export type UploadProblem = 'type' | 'size' | 'network' | 'server';

export class UploadError extends Error {
  readonly problem: UploadProblem;

  /** `message` is the server's sentence, when there is one. */
  constructor(problem: UploadProblem, message = '') {
    super(message);
    this.problem = problem;
  }
}

export async function uploadImage(
  documentId: string,
  file: File,
  onProgress: (share: number) => void,
): Promise<UploadedImage> {
  if (!kImageTypes.includes(file.type)) throw new UploadError('type');
  if (file.size > kImageMaxBytes) throw new UploadError('size');
  try {
    return await send(documentId, file, { onProgress });
  } catch (error) {
    if (!(error instanceof ApiError)) throw new UploadError('server');
    if (error.offline) throw new UploadError('network');
    if (error.status === 413) throw new UploadError('size');
    if (error.status === 415) throw new UploadError('type');
    throw new UploadError('server', error.detail);
  }
}
