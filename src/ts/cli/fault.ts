/** What ends the program with one sentence for the person in front of it. */
export class Fault extends Error {
  /** `status`: 2 where the call was wrong, 1 where the world was. */
  constructor(
    sentence: string,
    readonly status = 1,
  ) {
    super(sentence);
  }
}

export const codeOf = (error: unknown) => (error as NodeJS.ErrnoException | undefined)?.code;

/** Why the system refused, in words. */
export function reasonOf(error: unknown): string {
  const reasons: Record<string, string> = {
    EACCES: 'permission denied',
    EPERM: 'permission denied',
    EROFS: 'the file system is read-only',
    ENOTDIR: 'it is no folder',
    EEXIST: 'it is no folder',
    ENOSPC: 'the disk is full',
    EDQUOT: 'the disk quota is used up',
    ECONNREFUSED: 'Connection refused',
    EADDRINUSE: 'the port is in use',
    EADDRNOTAVAIL: 'this machine has no such address',
    ENOTFOUND: 'the host is not known',
  };
  return reasons[codeOf(error) ?? ''] ?? (error instanceof Error ? error.message : String(error));
}
