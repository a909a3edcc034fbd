/**
 * The plan of a sweep: a file whose first line says what is planned and from
 * which code and inputs, and every other line is a cell, in order. A cell's
 * line is canonical JSON (sorted members, no spaces).
 *
 * The first line is sealed, and the others follow from it; so its digest names
 * the plan. Any part of the file can be read without the rest.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import { lineOf } from "../runner/cell_file.ts";
import { Failure } from "../runner/failure.ts";
import { openSync } from "../runner/files.ts";
import { cellId } from "../runner/kept.ts";
import { pieces } from "../runner/pieces.ts";
import type { Grid } from "../runner/plan.ts";
import { unsealed } from "../runner/sealed.ts";

/** Changes whenever the form does. */
const FORM = 1;
/** Hexadecimal digits that name a plan. */
const NAME_DIGITS = 20;
/** Bytes that are read at a time. */
const PIECE = 2 ** 16;
const LF = 10;

/** What a plan says before its cells. */
export interface PlanHead {
  /** {@linkcode FORM}. */
  plan: number;
  /** Version of the project. */
  version: string;
  /** Digest of the code of each module; "" is this project. */
  code: Readonly<Record<string, string>>;
  /** Digests of the files that cells may read, by path as cells name them. */
  inputs: Readonly<Record<string, string>>;
  /** What is planned, and the command line that runs it here. */
  parts: readonly { grid: Grid; command: string }[];
  /** Number of cells. */
  cells: number;
}

/** A cell of a plan. */
export interface PlannedCell extends CellKey {
  /** Its place, from 0 on. */
  cell: number;
  /** Digest of all that it is computed from. */
  id: string;
}

/**
 * The id of a cell of a plan: of the code, the cell and the inputs. `files` are
 * those that its parameters name; data of the project counts for all.
 */
export function plannedId(
  key: CellKey,
  { code, inputs }: Pick<PlanHead, "code" | "inputs">,
  { module = "", files }: { module?: string; files: readonly string[] },
): string {
  const read = Object.keys(inputs).sort()
    .filter((path) => path.startsWith("project:") || files.includes(path))
    .map((path) => inputs[path]);
  const own = module === "" ? [] : [code[module]];
  return cellId(key, JSON.stringify([code[""], ...own, ...read]));
}

/** The line of a cell. */
export function cellLine(
  { allocator, cell, experiment, id, parameters, seed }: PlannedCell,
): string {
  const sorted = Object.fromEntries(Object.entries(parameters).sort());
  const all = { allocator, cell, experiment, id, parameters: sorted, seed };
  return `${JSON.stringify(all)}\n`;
}

/** The first line. */
export function headLine(head: Omit<PlanHead, "plan">): Uint8Array {
  return lineOf({ plan: FORM, ...head });
}

/** A plan that is open. */
export class PlanFile implements Disposable {
  /** Its path. */
  readonly path: string;
  /** What it says before its cells. */
  readonly head: PlanHead;
  /** What it is called in the names of shards. */
  readonly name: string;
  readonly #file: Deno.FsFile;
  readonly #start: number;
  readonly #size: number;

  /** Opens the plan at `path`; `Failure` if it is none. */
  constructor(path: string) {
    this.path = path;
    this.#file = openSync(path, path);
    const [line] = this.#lines(0);
    const head = line && unsealed(line.text);
    if (head?.plan !== FORM) {
      this.#file.close();
      throw new Failure(
        `${path}:1: no plan of a sweep, or damaged: make one with sweep plan`,
      );
    }
    this.head = head as unknown as PlanHead;
    this.name = /[0-9a-f]{64}/.exec(line!.text)![0].slice(0, NAME_DIGITS);
    this.#start = line!.end;
    this.#size = this.#file.statSync().size;
  }

  /** `count` cells from the one at `first` on; `Failure` if they are not there. */
  *cells(first: number, count: number): Generator<PlannedCell> {
    let cell = first;
    const end = first + count;
    for (const { text } of this.#lines(this.#seek(first))) {
      if (cell === end) break;
      const found = this.#cellIn(text);
      if (found && found.cell < first) continue;
      if (found?.cell !== cell) break;
      yield found;
      cell++;
    }
    if (cell < end) {
      throw new Failure(
        `${this.path}:${cell + 2}: expected cell ${cell} of ${this.head.cells}`,
      );
    }
  }

  #cellIn(text: string): PlannedCell | undefined {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  /** A byte before the line of cell `wanted`, not far: by halving. */
  #seek(wanted: number): number {
    let low = this.#start;
    let high = this.#size;
    while (high - low > PIECE) {
      const middle = Math.floor((low + high) / 2);
      const next = this.#lineAfter(middle);
      if (next && next.cell <= wanted) low = next.at;
      else high = middle;
    }
    return low;
  }

  /** The first whole line behind byte `at`. */
  #lineAfter(at: number): { at: number; cell: number } | undefined {
    const lines = this.#lines(at);
    const first = lines.next().value;
    const second = first && lines.next().value;
    const found = second && this.#cellIn(second.text);
    return found && { at: first.end, cell: found.cell };
  }

  /** The lines from byte `at` on, and where each ends. */
  *#lines(at: number): Generator<{ text: string; end: number }> {
    const decoder = new TextDecoder();
    let begun = new Uint8Array();
    for (let from = at;;) {
      this.#file.seekSync(from, Deno.SeekMode.Start);
      const [piece] = pieces(this.#file, PIECE);
      if (!piece) return;
      from += piece.length;
      const bytes = new Uint8Array(begun.length + piece.length);
      bytes.set(begun);
      bytes.set(piece, begun.length);
      const base = from - bytes.length;
      let next = 0;
      for (let lf; (lf = bytes.indexOf(LF, next)) >= 0; next = lf + 1) {
        const text = decoder.decode(bytes.subarray(next, lf));
        yield { text, end: base + lf + 1 };
      }
      begun = bytes.slice(next);
    }
  }

  /** Closes it. */
  [Symbol.dispose](): void {
    this.#file.close();
  }
}
