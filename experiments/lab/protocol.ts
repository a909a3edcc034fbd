/**
 * What the page of the lab and its simulation say to each other.
 *
 * The page asks, the worker answers; every message is plain data, so that the
 * same messages can be written down and played back. A question that has a
 * `ticket` is answered with the same ticket; an answer to an old ticket is of
 * no interest any more.
 *
 * @module
 */

/** Where the requests come from. */
export type Source =
  | { kind: "file"; name: string; bytes: ArrayBuffer } // any format that needs no tool; gzip and zstd too
  | { kind: "text"; text: string } // lines of .rep, typed by hand
  | {
    kind: "workload";
    name: string;
    parameters: Record<string, string>;
    seed: number;
  }
  | {
    kind: "cell"; // of an experiment
    experiment: string;
    parameters: Record<string, string>;
    seed: number;
    files: { name: string; bytes: ArrayBuffer }[]; // of data/, as far as the page has them
  };

/** What colours of the map mean. */
export type Colour = "kind" | "size" | "lifetime" | "client" | "site";

/** Unit of the x axis. */
export type Axis = "op" | "bytes";

/** How high a block is on the map: the bytes asked for, or all that it can hold. */
export type Blocks = "asked" | "whole";

/** A part of the map of a lane: x in units of the axis, y in folded bytes. */
export interface View {
  x0: number;
  x1: number;
  y0: number;
  y1: number;
}

/** From the page to the worker. */
export type Question =
  | { kind: "list" } // what can be chosen: answered by "catalogue"
  | {
    kind: "load";
    source: Source;
    allocators: string[];
    maxOperations: number;
  } // 1..8 specs as on the command line
  | { kind: "cancel" }
  | {
    kind: "draw";
    ticket: number;
    lane: number;
    view: View;
    axis: Axis;
    colour: Colour;
    blocks: Blocks;
    width: number;
    height: number;
    dark: boolean;
  }
  | {
    kind: "pages";
    ticket: number;
    lane: number;
    view: View;
    width: number;
    height: number;
    dark: boolean;
    op: number;
  } // resident pages
  | { kind: "state"; ticket: number; op: number } // of all lanes after `op` operations
  | {
    kind: "find";
    ticket: number;
    lane: number;
    what: { op: number } | { id: string } | { address: number } | {
      peak: "footprint" | "live";
    } | { smallestAt: View };
  }
  | { kind: "block"; ticket: number; lane: number; op: number; address: number }
  | { kind: "table"; ticket: number; lane: number; view: View } // what the view shows, as rows: the first of them
  | { kind: "csv"; ticket: number; views: View[] }; // all rows of a view of each lane, from the first on

/** An option of an allocator or parameter of a workload, for a form. */
export interface Field {
  name: string;
  help: string;
  values?: string[];
  min?: number;
  max?: number;
  initial: string;
}

/** A stretch of addresses that is shown; gaps between stretches are folded. */
export interface Fold {
  address: number;
  y: number;
  bytes: number;
  name: string;
}

/** A block at an instant. */
export interface BlockRow {
  address: number;
  bytes: number;
  kind: "live" | "cached" | "free" | "meta" | "foreign";
  id?: string;
  requested?: number;
  born?: number;
}

/** A list of the allocator's own: a bin, free_area of an order, slabs of a cache. */
export interface ListRow {
  list: string;
  blocks: number;
  bytes: number;
  /** Blocks that it can hold, where that is limited. */
  most?: number;
  members: { address: number; bytes: number }[];
  isCut: boolean;
}

/** A slab, group or extent, with a sign for each of its slots (`allocators/slab_view.ts`). */
export interface SlabRow {
  kind: string;
  of: string;
  address: number;
  bytes: number;
  place: string;
  slots: string;
}

/** The heap of a lane after an operation. */
export interface LaneState {
  op: number;
  /** The line of the trace at the cursor, and in words what was done. */
  request: string;
  words: string[];
  /** Address returned, or null where none is. */
  address: number | null;
  metrics: Record<string, number>;
  /** In address order; at most 4096, isCut tells of more. */
  blocks: BlockRow[];
  isCut: boolean;
  lists: ListRow[];
  /** In address order, from a little below the cursor's on; `slabCount` are there. */
  slabs: SlabRow[];
  slabCount: number;
  /** The first letter of the migratetype of each pageblock, in address order. */
  pageblocks: string;
}

/** From the worker to the page. */
export type Answer =
  | {
    kind: "catalogue";
    allocators: { name: string; summary: string; options: Field[] }[];
    workloads: { name: string; summary: string; parameters: Field[] }[];
  }
  | { kind: "progress"; done: number; total: number } // operations, over all lanes; total 0 = unknown
  | {
    kind: "ready";
    name: string;
    operations: number;
    bytes: number; // requested over the whole trace
    isCut: boolean; // maxOperations reached
    marks: { op: number; name: string }[];
    lanes: {
      spec: string;
      folds: Fold[];
      height: number;
      /** Heights between which all blocks of the program ever lay. */
      used: { from: number; to: number };
      failure?: string;
      peakOp: number;
      series: { name: string; x: Float64Array; y: Float64Array }[];
    }[];
    clients: string[];
    sites: string[];
  }
  | {
    kind: "drawn";
    ticket: number;
    lane: number;
    view: View;
    pixels: ArrayBuffer;
  } // RGBA, from the top row on
  | { kind: "states"; ticket: number; lanes: LaneState[] }
  | {
    kind: "found";
    ticket: number;
    op?: number;
    address?: number;
    view?: View;
    words: string;
  }
  | {
    kind: "block";
    ticket: number;
    block: BlockRow & {
      died?: number;
      usable?: number;
      site?: string;
      words: string[];
    };
  }
  | {
    kind: "table";
    ticket: number;
    columns: string[];
    rows: (string | number)[][];
    isCut: boolean;
  }
  | { kind: "csv"; ticket: number; rows: number; pieces: ArrayBuffer[] } // UTF-8, one after the other
  | { kind: "failed"; line: string; ticket?: number }; // one line; the page stays usable
