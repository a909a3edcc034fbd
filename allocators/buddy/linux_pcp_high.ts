/**
 * How long the per-CPU lists may be, how much fills them and how much is
 * drained. Facts from Linux 6.1 and 6.12, mm/page_alloc.c. Simplified: no
 * reclaim runs, during which the kernel keeps four batches at most.
 *
 * @module
 */
import type { LinuxRules } from "./linux_versions.ts";

/** The largest of the small orders: above it the kernel calls blocks costly. */
export const COSTLY_ORDER = 3;
/** Doublings of a batch, at most. */
const MAX_FACTOR = 5;

/** Settings of per-CPU lists, in pages. */
export interface PcpLimits {
  /** CPUs that have lists. */
  cpus: number;
  /** Pages of a refill. */
  batch: number;
  /** The least `high`; at least 2 * `batch`. */
  lowest: number;
  /** The greatest; as `lowest`: nothing is tuned. */
  highest: number;
}

/** Decides for the lists of every CPU; each call is O(1). */
export interface PcpHigh {
  /** Free pages of the zone are below its high watermark. */
  belowHigh: boolean;
  /** A block is taken from the lists of `cpu`. */
  taken(cpu: number): void;
  /** Blocks of `order` to fetch for `cpu`, which holds `count` pages. */
  fetched(cpu: number, order: number, count: number): number;
  /** Pages to drain, 0: none, as a freed block has made them `count`. */
  freed(cpu: number, order: number, count: number): number;
  /** Pages to drain as a second has passed. */
  second(cpu: number, count: number): number;
}

/** The choice of a kernel. */
export function pcpHigh(rules: LinuxRules, limits: PcpLimits): PcpHigh {
  return rules.tunesHigh
    ? new TunedHigh(
      limits,
      rules.highOrderDrain(limits.batch, limits.lowest),
    )
    : new FixedHigh(limits);
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}

/** Blocks of `order` in a batch. */
function blocksOf(batch: number, order: number): number {
  return batch > 1 ? Math.max(batch >> order, 2) : batch;
}

/** 6.1: `high` is fixed, and what is drained doubles from drain to drain. */
class FixedHigh implements PcpHigh {
  belowHigh = false;
  private readonly batch: number;
  private readonly high: number;
  // One entry per CPU: doublings of the next drain.
  private readonly factor: Int32Array;

  constructor({ cpus, batch, lowest }: PcpLimits) {
    this.batch = batch;
    this.high = lowest;
    this.factor = new Int32Array(cpus);
  }

  taken(cpu: number): void {
    this.factor[cpu]! >>= 1;
  }

  fetched(_cpu: number, order: number, _count: number): number {
    return blocksOf(this.batch, order);
  }

  freed(cpu: number, order: number, count: number): number {
    const { batch, high } = this;
    const factor = this.factor[cpu]!;
    if (factor > 0 && order > 0 && order <= COSTLY_ORDER) return count;
    if (count < high) return 0;
    const pages = batch << factor;
    if (pages < high - batch && factor < MAX_FACTOR) this.factor[cpu]!++;
    return clamp(pages, batch, high - batch);
  }

  second(): number {
    return 0;
  }
}

/**
 * From 6.8 on: `high` follows what is allocated and freed, between two bounds;
 * as much is drained as was freed of late.
 */
class TunedHigh implements PcpHigh {
  belowHigh = false;
  private readonly batch: number;
  private readonly lowest: number;
  private readonly highest: number;
  /** Pages freed of late from which on high orders are drained. */
  private readonly highOrderDrain: number;
  // One entry per CPU: the most pages to hold, doublings of the next refill,
  // pages freed of late (halved at every allocation), and whether the last
  // free was of order 1 .. 3.
  private readonly high: Int32Array;
  private readonly factor: Int32Array;
  private readonly lately: Int32Array;
  private readonly highOrder: Uint8Array;

  constructor(
    { cpus, batch, lowest, highest }: PcpLimits,
    highOrderDrain: number,
  ) {
    this.batch = batch;
    this.lowest = lowest;
    this.highest = highest;
    this.highOrderDrain = highOrderDrain;
    this.high = new Int32Array(cpus).fill(lowest);
    this.factor = new Int32Array(cpus);
    this.lately = new Int32Array(cpus);
    this.highOrder = new Uint8Array(cpus);
  }

  taken(cpu: number): void {
    this.lately[cpu]! >>= 1;
  }

  fetched(cpu: number, order: number, count: number): number {
    const { batch } = this;
    let pages = order > 0 ? batch : batch << this.factor[cpu]!;
    if (!this.belowHigh) {
      this.high[cpu] = Math.min(this.high[cpu]! + pages, this.highest);
    }
    if (order === 0) {
      const room = Math.max(this.high[cpu]! - count - batch, batch);
      if (pages <= room && this.factor[cpu]! < MAX_FACTOR) this.factor[cpu]!++;
      pages = Math.min(pages, room);
    }
    return blocksOf(pages, order);
  }

  freed(cpu: number, order: number, count: number): number {
    const { batch, lowest } = this;
    const lately = this.lately[cpu]!;
    const small = order > 0 && order <= COSTLY_ORDER;
    const again = this.highOrder[cpu] === 1;
    this.factor[cpu]! >>= 1;
    this.highOrder[cpu] = Number(small);
    const most = batch << MAX_FACTOR;
    if (lately < most) this.lately[cpu] = lately + (1 << order);
    if (small && again && lately >= this.highOrderDrain) {
      this.high[cpu] = Math.max(this.high[cpu]! - most, lowest);
      return Math.min(count, most);
    }
    const high = this.belowHigh ? this.shrunk(cpu, count) : this.high[cpu]!;
    if (count < high) return 0;
    const freed = this.lately[cpu]!;
    if (high < freed + batch && !this.belowHigh) {
      this.high[cpu] = Math.min(freed + batch, this.highest);
    }
    return clamp(freed, batch, high - batch);
  }

  second(cpu: number, count: number): number {
    const high = this.high[cpu]!;
    const most = this.batch << MAX_FACTOR;
    this.high[cpu] = Math.max(count - most, high - (high >> 3), this.lowest);
    return Math.max(0, count - this.high[cpu]!);
  }

  /** Lowers `high` as pages run short; from how many pages on to drain. */
  private shrunk(cpu: number, count: number): number {
    const freed = Math.max(this.lately[cpu]!, this.batch);
    this.high[cpu] = Math.max(this.high[cpu]! - freed, this.lowest);
    return Math.max(count, this.lowest);
  }
}
