/**
 * What an experiment declares, and what one cell of it is.
 *
 * An experiment is data: a question, claims, allocators and a parameter grid,
 * and one function that runs a cell. Cells (experiment x allocator x
 * parameters x seed) are independent and deterministic: a cell is computed
 * from its fields and nothing else, in any worker, in any order.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { Capability } from "../../allocators/capability.ts";
import type { PageAllocator, PageSource } from "../../allocators/pages.ts";
import type { Trace, TraceBuilder } from "../traces/trace.ts";
import type { Column, Row, Sample } from "../measures/columns.ts";

/** What stands for the spec of a cell in which no allocator takes part. */
export const NO_ALLOCATOR = "-";

/** The table of samples, whose file has the experiment's name alone. */
export const SAMPLES = "";

/** How much work a run may take: a check, a look, a paper. */
export type Scale = "quick" | "default" | "full";

/** The value of a parameter: a number or a text such as a law. */
export type Value = number | string;

/** A value for every parameter of an experiment. */
export type Point = Readonly<Record<string, Value>>;

/** One parameter of an experiment. */
export interface Parameter {
  /** What it means, with its unit. */
  summary: string;
  /** The values to run, per scale; `default` where a scale is not listed. */
  values:
    & { default: readonly Value[] }
    & Partial<
      Record<Scale, readonly Value[]>
    >;
}

/** What a cell is computed from. */
export interface CellKey {
  /** Name of the experiment. */
  experiment: string;
  /** Canonical spec of the allocator, or {@linkcode NO_ALLOCATOR}. */
  allocator: string;
  /** The value of every parameter. */
  parameters: Point;
  /** Seed of all random draws. */
  seed: number;
}

/** A cell while it runs: its key and the means to do its work. */
export interface Cell extends CellKey {
  /** The parameter `name` as a number; `RangeError` if it is none. */
  number(name: string): number;
  /** The parameter `name` as text. */
  text(name: string): string;
  /** The parameter `name`, one of `values`; `RangeError` if it is another. */
  choice<T extends string>(name: string, values: readonly T[]): T;
  /** A new heap as the cell's spec (or `spec`) says, over `source` or flat memory of its own. */
  heap(
    spec?: string,
    source?: PageSource,
  ): { heap: Allocator; source: PageSource };
  /** Memory for such a heap: that of a process, flat if the heap has its own. */
  memory(spec?: string): PageSource;
  /** What the cell's spec (or `spec`) offers. */
  offers(spec?: string): ReadonlySet<Capability>;
  /** A new page allocator as the cell's spec (or `spec`) says. */
  pages(spec?: string): PageAllocator;
  /**
   * The trace that `make` makes, from the parameters and the seed alone: never
   * from the allocator. `name` tells it from all others of the project, so
   * that cells which ask for the same one can share it.
   */
  trace(name: string, make: () => Trace | Promise<Trace>): Promise<Trace>;
  /**
   * Where a cell that plays against its allocator writes what it requests; absent
   * if nobody wants to know.
   */
  record?(): TraceBuilder;
  /**
   * Where rows of samples can go one by one, before those of the outcome: for
   * runs that may have more of them than there is memory. `workload` is that
   * of the outcome.
   */
  samples(workload: string): (sample: Sample) => void;
  /** Opens a file as bytes; a relative path is the caller's. */
  open(path: string): Promise<ReadableStream<Uint8Array>>;
  /** Opens a file of the project's `data/` folder. */
  data(path: string): Promise<ReadableStream<Uint8Array>>;
}

/** What a cell results in. */
export interface Outcome {
  /** Name of the requests' origin, for the `workload` column. */
  workload: string;
  /** Rows of `<experiment>.csv`, but for those that went there before. */
  samples: Sample[];
  /** Rows of `<experiment>.<table>.csv`, by table. */
  tables?: Record<string, Row[]>;
  /** Scalars of the whole cell, for `summary.csv` and the claims. */
  measures: Record<string, number>;
}

/** A finished cell, as claims see it. */
export interface Finished extends CellKey {
  /** Scalars of the cell. */
  measures: Readonly<Record<string, number>>;
}

/** What a measurement says about a statement. */
export type VerdictKind =
  | "holds"
  | "holds_only_if"
  | "refuted"
  | "not_measured";

/** A verdict: of what kind, and on which condition. */
export interface Verdict {
  /** Its kind. */
  kind: VerdictKind;
  /** What must be so for the statement to hold; with `holds_only_if` alone. */
  condition?: string;
}

/** A statement with a number that decides it. */
export interface Claim {
  /** Lower case, digits, `_`, `-`, `.`; unique in the project. */
  id: string;
  /** The statement, one sentence. */
  statement: string;
  /** Who says so. */
  source: string;
  /**
   * The scalar, from the finished cells in the order of their grid, which may
   * be more than fit into memory; undefined if they were not run.
   */
  measured(cells: Iterable<Finished>): number | undefined;
  /** The value it should have, or a condition in words with its predicate. */
  expected: { value: number; tolerance: number } | {
    text: string;
    holds(measured: number): boolean;
  };
  /** The verdict it should get, a regression if not; absent: it holds. */
  verdict?: Verdict;
  /**
   * Values of parameters that decide it, if no scale has them; a word in
   * capitals stands for the user's file or folder.
   */
  needs?: Readonly<Record<string, Value>>;
}

/**
 * A picture of an experiment, over its own CSV.
 *
 * `x`, `y`, `series` and `facet` name columns of the table or parameters of
 * the experiment. Rows that agree in all but the measured axis become one
 * point, their mean; what is fixed and what is averaged over is written below
 * the title. Axes take their titles and units from the columns. Columns of
 * words and the categories of bars go down the page, whichever axis names them.
 */
export interface Figure {
  /** What is shown, one sentence without a finding: other values may have others. */
  title: string;
  /** {@linkcode SAMPLES}, another table of the experiment, or `summary`. */
  table: string;
  /** Column of the horizontal axis. */
  x: string;
  /** Column of the vertical axis. */
  y: string;
  /** Column that tells the lines or bars apart. */
  series: string;
  /** Name of a mark of `report/marks/`. */
  mark: string;
  /** Logarithmic axes; values that are not positive are left out. */
  log?: readonly ("x" | "y")[];
  /** Column with a panel for each of its values. */
  facet?: string;
  /** Only rows with this value, or one of these, in a column or parameter. */
  where?: Readonly<Record<string, Value | readonly Value[]>>;
  /** A line to compare with, through points of the x and y columns. */
  guide?: {
    /** What it is. */
    label: string;
    /** Its points, in the columns' units. */
    points: readonly (readonly [x: number, y: number])[];
  };
}

/** The figure of a table `heap_map`, a panel for each allocator; it lacks a title. */
export const HEAP_MAP: Omit<Figure, "title"> = {
  table: "heap_map",
  x: "op",
  y: "offset_bytes",
  series: "kind",
  mark: "map",
  facet: "allocator",
};

/** One question. */
export interface Experiment {
  /** Lower case, digits, `_`. */
  name: string;
  /** The question, with a question mark. */
  question: string;
  /** Statements that this experiment decides. */
  claims: readonly Claim[];
  /**
   * Whether cells draw random numbers: all, none, or those at some points. The
   * others are the same for every seed, so they are run once.
   */
  random: boolean | ((point: Point) => boolean);
  /** Specs to run; {@linkcode NO_ALLOCATOR} alone where none takes part. */
  allocators: readonly string[];
  /** What an allocator must offer to take part; nothing if it is absent. */
  needs?: readonly Capability[];
  /** The grid. */
  parameters: Readonly<Record<string, Parameter>>;
  /**
   * Which points of its own grid to run; absent: all. Where the user sets a
   * parameter it is not asked.
   */
  selects?(point: Point, scale: Scale): boolean;
  /** Parameters whose values name files that cells open; absent: none. */
  files?: readonly string[];
  /** Meaning of its own measures and of the columns of its tables. */
  columns?: readonly Column[];
  /** Measures to print in the table of a run. */
  headline: readonly string[];
  /** The points that the table is about; absent, or none of them ran: all. */
  shows?: Point;
  /** Runs one cell. */
  run(cell: Cell): Outcome | Promise<Outcome>;
  /** Its pictures. */
  figures: readonly Figure[];
}
