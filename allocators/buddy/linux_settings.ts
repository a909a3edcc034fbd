/**
 * How a zone of the Linux page allocator is set up.
 *
 * @module
 */
import type { LinuxVersion } from "./linux_versions.ts";

/** Added to the migratetype of a request that cannot wait. */
export const ATOMIC = 4;

/** How the zone is set up; lengths in pages. */
export interface LinuxSettings {
  /** The kernel. */
  version: LinuxVersion;
  /** Length of the zone; 0: grows by top-order blocks. */
  pages: number;
  /** Fallbacks take whole pageblocks only. */
  noFragment: boolean;
  /** As `noFragment`, until all else has failed; vm.defrag_mode of 7.2. */
  defrag: boolean;
  /** Migratetype of requests that name none. */
  type: number;
  /** Pages a per-CPU list is refilled with; 0: no per-CPU lists. */
  pcp: number;
  /** Pages at which a CPU drains its lists; 0: as the kernel tunes it. */
  high: number;
  /** Number of CPUs. */
  cpus: number;
  /** Free pages that ordinary requests must leave: the min watermark. */
  min: number;
  /**
   * Pages at the end of a zone with a length that are lent to MOVABLE requests:
   * an area for CMA, whole pageblocks. Debian's 7.2 alone is built with it.
   */
  cma: number;
}
