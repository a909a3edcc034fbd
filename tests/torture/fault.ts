/**
 * What a fault of `deno task torture` is, and how its harm is counted.
 *
 * @module
 */
import { contents, ROOT, words } from "../runner/lab.ts";

/** How much to do: a check of minutes, or the proof. */
export type Size = "short" | "long";

/** What a fault did. */
export interface Tally {
  /** How often it struck. */
  runs: number;
  /** Files under a final name that no sound run writes. */
  half: number;
  /** Experiments that were reported as finished, and are gone. */
  lost: number;
  /** Runs that ended well with other bytes than a sound run. */
  wrong: number;
  /** Failures without exactly one line and an exit code of 1, 2, 130 or 143. */
  rude: number;
  /** What was seen first, for whoever has to look. */
  first?: string;
}

/** A way to do harm. */
export interface Fault {
  /** The word that asks for it. */
  name: string;
  /** What happens. */
  summary: string;
  /** Why it cannot be tried here; undefined if it can. */
  missing?(): string | undefined;
  /** Strikes; `folder` is empty and its own. */
  run(size: Size, folder: string): Promise<Tally>;
}

/** A tally with nothing in it. */
export function clean(): Tally {
  return { runs: 0, half: 0, lost: 0, wrong: 0, rude: 0 };
}

/** Kinds of harm. */
export const HARMS = ["half", "lost", "wrong", "rude"] as const;

/** Counts one harm and remembers what was seen first. */
export function harm(
  tally: Tally,
  kind: typeof HARMS[number],
  what: string,
): void {
  tally[kind]++;
  tally.first ??= `${kind}: ${what}`;
}

/** How a program under a fault ended. */
export interface End {
  /** Exit code. */
  code: number;
  /** Whether a signal ended it. */
  killed: boolean;
  out: string;
  err: string;
}

/** The experiments that are run, small and quick. */
export const NAMES = ["churning", "paging", "waiting"];

/** The command line of the run that every fault disturbs. */
export function runWords(out: string, ...more: string[]): string[] {
  return words([
    "experiments",
    ...NAMES,
    "--seeds",
    "8",
    "--out",
    out,
    ...more,
  ]);
}

/**
 * Starts `deno` with `args` through `before`, e.g. `env A=b` or `timeout 3`:
 * the lab under a fault.
 */
export function begin(
  args: readonly string[],
  before: readonly string[] = [],
): Deno.ChildProcess {
  const [program, ...rest] = [...before, "deno", ...args];
  return new Deno.Command(program!, {
    args: rest,
    cwd: ROOT,
    env: { INIT_CWD: "/tmp", NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
}

/** Waits for its end. */
export async function ended(child: Deno.ChildProcess): Promise<End> {
  const { code, signal, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  const killed = signal === "SIGKILL" || code === 137;
  return { code, killed, out: text(stdout), err: text(stderr) };
}

/** Runs a program of the system to its end; throws where it fails. */
export async function system(
  program: string,
  ...args: string[]
): Promise<void> {
  const { success, stderr } = await new Deno.Command(program, {
    args,
    stdin: "null",
    stdout: "null",
    stderr: "piped",
  }).output();
  if (success) return;
  throw new Error(
    `${program} ${args.join(" ")}: ${new TextDecoder().decode(stderr).trim()}`,
  );
}

/** The experiments that a run has reported as finished. */
export function acknowledged({ out }: End): string[] {
  return NAMES.filter((name) => out.includes(`${name}: `));
}

/** Counts a failure that is not one line with an exit code of its own. */
export function checkManners(tally: Tally, end: End, where: string): void {
  const { code, err } = end;
  const lines = err.split("\n")
    .filter((line) => line !== "" && !/^Results are in /.test(line));
  const known = [1, 2, 130, 143].includes(code);
  const trace = /^\s+at .*:\d+|panicked|A defect of this program/m.test(err);
  if (known && lines.length === 1 && !trace) return;
  harm(tally, "rude", `${where}: exit code ${code}, "${err.slice(0, 300)}"`);
}

/** What sound runs leave: of the first experiment, of two, of all. */
export class Sound {
  readonly #stages: Map<string, string>[] = [];

  private constructor() {}

  /** Runs the lab undisturbed; `folder` is taken for it. */
  static async in(folder: string): Promise<Sound> {
    const sound = new Sound();
    for (let n = 1; n <= NAMES.length; n++) {
      const out = `${folder}/sound-${n}`;
      const args = ["experiments", ...NAMES.slice(0, n), "--seeds", "8"];
      const end = await ended(begin(words([...args, "--out", out])));
      if (end.code !== 0) throw new Error(`A sound run fails: ${end.err}`);
      sound.#stages.push(contents(out));
    }
    return sound;
  }

  /** The files of the whole run. */
  get whole(): ReadonlyMap<string, string> {
    return this.#stages.at(-1)!;
  }

  /**
   * Counts the files of `folder` that no sound run writes. Kept cells may be cut
   * short: each carries its digest, and one that is not whole counts as none.
   */
  checkWhole(tally: Tally, folder: string, where: string): void {
    for (const [name, text] of filesOf(folder)) {
      if (name.startsWith(".cells/") || name.endsWith(".tmp")) continue;
      if (this.#stages.some((files) => files.get(name) === text)) continue;
      harm(tally, "half", `${where}: ${name}`);
    }
  }

  /** Counts the experiments of `names` whose files are not as they should be. */
  checkKept(
    tally: Tally,
    folder: string,
    names: readonly string[],
    where: string,
  ): void {
    const found = filesOf(folder);
    for (const name of names) {
      const own = [...this.whole].filter(([path]) =>
        path.startsWith(`${name}.`) && path.endsWith(".csv")
      );
      if (own.every(([path, text]) => found.get(path) === text)) continue;
      harm(tally, "lost", `${where}: ${name}`);
    }
  }

  /** Counts a run that ended well and left other bytes than a sound one. */
  checkSame(tally: Tally, folder: string, where: string): void {
    const found = filesOf(folder);
    for (const [name, text] of this.whole) {
      if (name.endsWith(".lock") || found.get(name) === text) continue;
      harm(tally, "wrong", `${where}: ${name}`);
      return;
    }
  }
}

/** The files of a folder; none if it is not there. */
function filesOf(folder: string): Map<string, string> {
  try {
    return contents(folder);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return new Map();
    throw error;
  }
}
