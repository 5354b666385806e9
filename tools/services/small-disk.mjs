import { existsSync } from 'node:fs';
import { chmod, open, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GuardedServer } from './guarded-server.mjs';
import { SERVER_MISSING } from './installation.mjs';

/** Mounts a file system in the memory, `$2` bytes large, at `$1`, until it is told to end. */
const SCRIPT = `
mkdir "$1" && mount -t tmpfs -o size="$2",mode=0777 tmpfs "$1" || exit 1
trap 'umount --lazy "$1"; kill $!; exit 0' TERM
sleep infinity &
touch "$1.mounted"
wait
`;

/** @typedef {Awaited<ReturnType<typeof createSmallDisk>>} SmallDisk */

/**
 * A disk that can be full, with a file system of its own: as root, where the machine lets it mount one. It is gone
 * when it is closed, and when this process ends, in whatever way.
 *
 * @param {{ readonly bytes?: number }} [options] default 1 MiB
 * @throws {Error} with the code `SERVER_MISSING` where it cannot be had
 */
export async function createSmallDisk({ bytes = 1_048_576 } = {}) {
  const server = await GuardedServer.open('disk');
  const path = join(server.folder, 'disk');
  const filler = join(path, 'filler');
  try {
    // Others may pass through to what is theirs on the disk.
    await chmod(server.folder, 0o711);
    await server.start('sh', ['-c', SCRIPT, 'sh', path, String(bytes)], {
      ready: () => Promise.resolve(existsSync(`${path}.mounted`)),
      endSignal: 'SIGTERM',
    });
  } catch (error) {
    await server.close();
    const message = `No small disk could be mounted; that takes root, with the right to mount. ${String(error)}`;
    throw Object.assign(new Error(message, { cause: error }), { code: SERVER_MISSING });
  }
  return {
    /** The folder at which it is mounted. */
    path,
    /** Takes all the space that is left. */
    async fill() {
      const file = await open(filler, 'a');
      try {
        for (;;) await file.write(Buffer.alloc(4096));
      } catch (error) {
        if (/** @type {{ code?: string }} */ (error).code !== 'ENOSPC') throw error;
      } finally {
        await file.close();
      }
    },
    /** Gives back what `fill` took. */
    free: () => rm(filler),
    close: () => server.close(),
  };
}

/** For `describeWith`: rejects where no small disk can be had. */
export async function smallDisks() {
  await (await createSmallDisk()).close();
}
