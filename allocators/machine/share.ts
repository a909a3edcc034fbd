/**
 * An owner's share of physical memory.
 *
 * @module
 */

/** Bytes of frames by what is on them; `unbacked` stands outside. */
export interface Share {
  /** `reserved`, `page_descriptors`, `buddy`, `slab`, `page_tables`, or a process. */
  owner: string;
  /** Live, as asked for. */
  requested: number;
  /** Live, beyond what was asked for: usable size, or a slab's rounding. */
  padding: number;
  /** Freed, but held out of coalescing: tcache, pool, per-CPU lists. */
  cached: number;
  /** Free: of the buddy system, in a slab, in a heap. */
  free: number;
  /** What allocators and kernel need for themselves. */
  metadata: number;
  /** The rest of a slab, of a page, of a huge page. */
  tail: number;
  /** Mapped, but without a frame: never touched, or given back. */
  unbacked: number;
}

/** The share of `owner`; what is not given is 0. */
export function share(
  owner: string,
  bytes: Partial<Omit<Share, "owner">>,
): Share {
  return {
    owner,
    requested: 0,
    padding: 0,
    cached: 0,
    free: 0,
    metadata: 0,
    tail: 0,
    unbacked: 0,
    ...bytes,
  };
}

/** Bytes of frames in a share. */
export function frameBytes(share: Share): number {
  return share.requested + share.padding + share.cached + share.free +
    share.metadata + share.tail;
}
