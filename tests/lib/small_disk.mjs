// A file system of a few megabytes that only the test and the server it starts can see: a tmpfs in a mount namespace of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory } from './server.mjs';

const ballast = 'ballast';

export class SmallDisk {
  /** Throws with the reason where the machine does not permit it. */
  static async make(megabytes) {
    const disk = new SmallDisk();
    disk.directory = await temporaryDirectory(); // as the server sees it
    const isRoot = process.getuid() === 0;
    const script = 'mount -t tmpfs -o size="$2" tmpfs "$1" && echo mounted && exec cat';
    disk.holder = spawn(
      'unshare',
      [...(isRoot ? [] : ['--user', '--map-root-user']), '--mount', 'sh', '-c', script, 'sh', disk.directory, `${megabytes}m`],
      { stdio: ['pipe', 'pipe', 'pipe'] },
    );
    let words = '';
    disk.holder.stderr.on('data', (bytes) => (words += bytes));
    disk.ended = once(disk.holder, 'exit');
    const mounted = once(disk.holder.stdout, 'data').then(() => true);
    const ok = await Promise.race([mounted, disk.ended.then(() => false), once(disk.holder, 'error').then(() => false)]);
    if (!ok) {
      await rm(disk.directory, { recursive: true, force: true });
      throw new Error(`no small file system: ${words.trim() || 'unshare is not there'}`);
    }
    const { pid } = disk.holder;
    disk.outside = join(`/proc/${pid}/root`, disk.directory); // the same, as the test sees it
    disk.prefix = ['nsenter', ...(isRoot ? [] : [`--user=/proc/${pid}/ns/user`, '--preserve-credentials']), `--mount=/proc/${pid}/ns/mnt`];
    return disk;
  }

  /** Takes all the space that is left. */
  fill() {
    const file = openSync(join(this.outside, ballast), 'a');
    try {
      for (let size = 1 << 20; size >= 512; ) {
        try {
          if (writeSync(file, Buffer.alloc(size)) < size) size /= 2;
        } catch (error) {
          if (error.code !== 'ENOSPC') throw error;
          size /= 2;
        }
      }
    } finally {
      closeSync(file);
    }
  }

  free() {
    if (existsSync(join(this.outside, ballast))) rmSync(join(this.outside, ballast));
  }

  freeBytes() {
    const about = statfsSync(this.outside);
    return about.bavail * about.bsize;
  }

  async close() {
    this.holder.stdin.end();
    await this.ended;
    await rm(this.directory, { recursive: true, force: true });
  }
}
