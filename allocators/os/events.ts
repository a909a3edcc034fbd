/**
 * What a process cost the kernel: system calls and page faults by kind.
 *
 * @module
 */

/** Counters of one address space; each only grows. */
export class Events {
  /** Calls that moved, or tried to move, the break. */
  brk = 0;
  /** Calls that asked for a mapping. */
  mmap = 0;
  /** Calls that gave a mapping back. */
  munmap = 0;
  /** Calls that made reserved pages accessible. */
  mprotect = 0;
  /** Calls that resized a mapping. */
  mremap = 0;
  /** Calls that gave frames back and kept the mapping. */
  madvise = 0;
  /** First writes to a page: a frame was taken. */
  writeFaults = 0;
  /** First reads of a page: the shared zero page was mapped. */
  zeroFaults = 0;
  /** First writes to 2 MiB that were served with one huge page. */
  hugeFaults = 0;

  /** System calls of every kind. */
  get systemCalls(): number {
    return this.brk + this.mmap + this.munmap + this.mprotect + this.mremap +
      this.madvise;
  }

  /** Page faults of every kind. */
  get pageFaults(): number {
    return this.writeFaults + this.zeroFaults + this.hugeFaults;
  }
}
