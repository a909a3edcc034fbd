/**
 * The folder of a sweep: its shards, each a file of finished cells that is
 * there whole or not at all. What is there is done; nothing else remembers.
 *
 * Shard K of N has the cells from (K - 1) C / N to K C / N, rounded down. Any
 * number of processes, on any machines, may publish into the folder at once,
 * and the same shard twice: its bytes are the same.
 *
 * @module
 */
import { join } from "node:path";
import { CellFile, lineOf } from "../runner/cell_file.ts";
import { Draft, removeIfThere, type WriteContent } from "../runner/draft.ts";
import { ClosedFolder, Failure } from "../runner/failure.ts";
import { namesIn, scratch } from "../runner/folder.ts";
import { refuseLink } from "../runner/links.ts";
import { plural } from "../traces/plural.ts";

const SHARD = /^([0-9a-f]{20})-(\d+)-of-(\d+)\.shard$/;
const TEMPORARY = /^\..*\.shard\..*\.tmp$/;

/** A plan cut into shards. */
export interface Division {
  /** Name of the plan. */
  plan: string;
  /** Its cells. */
  cells: number;
  /** Number of shards. */
  shards: number;
}

/** Where the cells of shard `k` are, 1 being the first. */
export function rangeOf(
  { cells, shards }: Division,
  k: number,
): { first: number; count: number } {
  const first = Math.floor((k - 1) * cells / shards);
  return { first, count: Math.floor(k * cells / shards) - first };
}

/** What a shard says of itself in its first line. */
interface ShardHead extends Division {
  shard: number;
  first: number;
  count: number;
}

function headOf(division: Division, k: number): ShardHead {
  return { ...division, shard: k, ...rangeOf(division, k) };
}

function nameOf({ plan, shards }: Division, k: number): string {
  const digits = `${shards}`.length;
  return `${plan}-${`${k}`.padStart(digits, "0")}-of-${shards}.shard`;
}

/** What lies in a folder. */
export interface Found {
  /** Published shards of the division, by number, with their times in ms. */
  published: ReadonlyMap<number, number>;
  /** Names of shards of other plans, or of other divisions of this one. */
  foreign: readonly string[];
}

/** The shards of a division in a folder. */
export class ShardFolder {
  readonly path: string;
  readonly division: Division;

  /** Those in the folder at `path`, which need not be there yet. */
  constructor(path: string, division: Division) {
    this.path = path;
    this.division = division;
  }

  /** Makes the folder; removes what killed processes have left. */
  prepare(): void {
    refuseLink(this.path);
    try {
      Deno.mkdirSync(this.path, { recursive: true });
      for (const name of namesIn(this.path)) {
        if (TEMPORARY.test(name)) sweep(join(this.path, name));
      }
    } catch (error) {
      if (error instanceof Deno.errors.NotCapable) {
        throw new ClosedFolder(this.path);
      }
      throw error;
    }
  }

  /** Looks at names only. */
  find(): Found {
    const published = new Map<number, number>();
    const foreign: string[] = [];
    for (const name of namesIn(this.path)) {
      const k = Number(SHARD.exec(name)?.[2]);
      if (Number.isNaN(k)) continue;
      if (name !== nameOf(this.division, k) || k < 1) foreign.push(name);
      else {
        const { mtime } = Deno.statSync(join(this.path, name));
        published.set(k, mtime?.getTime() ?? 0);
      }
    }
    return { published, foreign };
  }

  /** Whether shard `k` is published. */
  has(k: number): boolean {
    try {
      return Deno.lstatSync(join(this.path, nameOf(this.division, k))).isFile;
    } catch {
      return false;
    }
  }

  /** An empty file in the folder that nobody else sees. */
  scratch(): Deno.FsFile {
    return scratch(this.path);
  }

  /** Publishes shard `k`, whose cells `content` writes. */
  publish(k: number, content: WriteContent): void {
    const path = join(this.path, nameOf(this.division, k));
    const draft = new Draft(path, `.${crypto.randomUUID()}`);
    draft.lock();
    draft.write((write) => {
      write(lineOf(headOf(this.division, k)));
      content(write);
    });
    draft.place(true);
  }

  /** Opens shard `k` behind its first line; `Failure` if it is not as it was. */
  open(k: number): { file: CellFile; start: number } {
    const path = join(this.path, nameOf(this.division, k));
    refuseLink(path);
    const file = new CellFile(Deno.openSync(path));
    const line = file.line();
    const { sha256: _, ...said } = line?.said ?? {};
    const head = headOf(this.division, k);
    if (line && JSON.stringify(said) === JSON.stringify(head)) {
      return { file, start: line.end };
    }
    file[Symbol.dispose]();
    throw new Failure(`${path} is not as it was written: remove it`);
  }
}

/** Removes a temporary file unless a process that lives holds its lock. */
function sweep(path: string): void {
  try {
    using file = Deno.openSync(path, { read: true, write: true });
    if (file.tryLockSync(true)) removeIfThere(path);
  } catch (error) {
    if (!(error instanceof Deno.errors.NotFound)) throw error;
  }
}

/** The numbers of 1..`last` that are not in `some`, as ranges with both ends. */
export function missingRanges(
  some: ReadonlyMap<number, unknown>,
  last: number,
): [from: number, to: number][] {
  const ranges: [number, number][] = [];
  for (let k = 1; k <= last; k++) {
    if (some.has(k)) continue;
    const range = ranges.at(-1);
    if (range?.[1] === k - 1) range[1] = k;
    else ranges.push([k, k]);
  }
  return ranges;
}

/** `3,7-12`. */
export function rangesText(
  ranges: readonly (readonly [from: number, to: number])[],
): string {
  return ranges.map(([from, to]) => from === to ? `${from}` : `${from}-${to}`)
    .join();
}

/** `3 of 10 shards`, for messages. */
export function shardsText(count: number, of: number): string {
  return `${count} of ${plural(of, "shard")}`;
}
