/**
 * What a Mem-Info says.
 *
 * @module
 */

/** The request that failed. */
export interface FailedRequest {
  /** What happened: `page allocation failure`, ... */
  event: string;
  /** Name of the task; "" if the line has none. */
  task: string;
  /** Its order; -1: an operator started the OOM killer. */
  order?: number;
  /** Its flags, as they stand. */
  mode?: string;
}

/** Free blocks of one order. */
export interface BlocksOfOrder {
  count: number;
  /** KiB of a block. */
  kib: number;
  /** Letters of the types that have such a block; "" if there are none. */
  types: string;
}

/** A zone. */
export interface ReportedZone {
  node: number;
  zone: string;
  /** Figures in KiB: free, min, low, high, managed, ... */
  kib: Record<string, number>;
  /** Pages kept for requests that could use a higher zone, zone by zone. */
  reserves: number[];
  /** Free blocks, by order; none if the text does not list them. */
  blocks: BlocksOfOrder[];
  /** Whether the list is not what the kernel wrote: its sum is wrong. */
  garbled: boolean;
}

/** What the report says. */
export interface MemInfo {
  request?: FailedRequest;
  /** Version of the kernel, major and minor. */
  kernel?: [number, number];
  zones: ReportedZone[];
  /** Whether it was the limit of a memory cgroup that was reached. */
  cgroup: boolean;
}
