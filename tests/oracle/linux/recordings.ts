/**
 * Page events of two kernels, recorded in guests of 512 MiB with one CPU.
 *
 * @module
 */
import after612 from "./buddyinfo_after_6.12.txt" with { type: "text" };
import after72 from "./buddyinfo_after_7.2.txt" with { type: "text" };
import events612 from "./events_6.12.csv.gz" with { type: "bytes" };
import events72 from "./events_7.2.csv.gz" with { type: "bytes" };
import { gunzipped } from "./fixtures.ts";
import before612 from "./free_before_6.12.txt.gz" with { type: "bytes" };
import before72 from "./free_before_7.2.txt.gz" with { type: "bytes" };

/** What a trace point saw. */
export interface PageEvent {
  /**
   * `A`: a request was served, `F`: a block was freed, `a`: a block left the
   * zone for a CPU's list, `d`: one came back, `x`: one left it by a fallback.
   */
  kind: string;
  /** First page frame of the block. */
  pfn: number;
  /** Its order. */
  order: number;
  /** The migratetype of the request or of the list; NaN of a free. */
  type: number;
}

/** A recording. */
export interface Recording {
  /** The kernel. */
  version: "6.12" | "7.2";
  /** What happened. */
  events(): Promise<PageEvent[]>;
  /** Runs of free pages before it `without` some: first page and length. */
  before(without: readonly number[]): Promise<[pfn: number, pages: number][]>;
  /** /proc/buddyinfo afterwards. */
  after: string;
}

function recording(
  version: Recording["version"],
  events: Uint8Array<ArrayBuffer>,
  before: Uint8Array<ArrayBuffer>,
  after: string,
): Recording {
  return {
    version,
    events: async () => (await lines(events)).map(event),
    before: async (without) => {
      const used = pagesOfTheReader((await lines(events)).map(event));
      for (const page of without) used.add(page);
      const free = (await lines(before)).map((line): [number, number] => {
        const [, pfn, pages] = line.split(" ");
        return [Number(pfn), Number(pages)];
      });
      return free.flatMap((run) => pieces(run, used));
    },
    after,
  };
}

/** The recordings of this folder, without any permission. */
export const RECORDINGS: readonly Recording[] = [
  recording("6.12", events612, before612, after612),
  recording("7.2", events72, before72, after72),
];

async function lines(file: Uint8Array<ArrayBuffer>): Promise<string[]> {
  return (await gunzipped(file)).trimEnd().split("\n");
}

function event(line: string): PageEvent {
  const [kind, ...numbers] = line.split(",");
  const [pfn, order, type] = numbers.map(Number);
  return { kind: kind!, pfn: pfn!, order: order!, type: type ?? NaN };
}

/**
 * Reading the list of free pages took pages itself: those that are handed out,
 * freed or drained before they have left the zone.
 */
function pagesOfTheReader(events: readonly PageEvent[]): Set<number> {
  const left = new Set<number>();
  const used = new Set<number>();
  for (const { kind, pfn, order } of events) {
    for (let page = pfn; page < pfn + (1 << order); page++) {
      if (kind === "a" || kind === "x") left.add(page);
      else if (!left.has(page)) used.add(page);
    }
  }
  return used;
}

/** The runs that are left of one without the pages in `used`. */
function pieces(
  [first, pages]: [number, number],
  used: ReadonlySet<number>,
): [pfn: number, pages: number][] {
  const runs: [number, number][] = [];
  let from = first;
  for (let page = first; page <= first + pages; page++) {
    if (page < first + pages && !used.has(page)) continue;
    if (page > from) runs.push([from, page - from]);
    from = page + 1;
  }
  return runs;
}
