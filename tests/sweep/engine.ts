/**
 * An engine of `deno task prove:sweep`, and the one that is always there.
 *
 * @module
 */
import { output, type ProofSweep } from "./proof_sweep.ts";

/** Something that computes shards. */
export interface Engine {
  /** As `sweep submit --engine` has it. */
  name: string;
  /** Options of `sweep submit` besides. */
  options: readonly string[];
  /** Variables that `sweep submit` needs. */
  env: Readonly<Record<string, string>>;
  /** The first program that is missing here. */
  lacks(): Promise<string | undefined>;
  /** Starts what it needs. */
  start(): Promise<void>;
  /** Whether it has shards to compute, once `sweep submit` has ended. */
  isBusy(): Promise<boolean>;
  /** Kills what controls the workers, and starts it again; whether it ran. */
  killController(): Promise<boolean>;
  /** Ends what was started. */
  stop(): Promise<void>;
}

/** The first of `programs` that cannot be found. */
export async function firstMissing(
  ...programs: string[]
): Promise<string | undefined> {
  for (const program of programs) {
    const { code } = await output("sh", ["-c", `command -v ${program}`]);
    if (code !== 0) return program;
  }
}

/** The processes whose command line fits `pattern`. */
export async function processes(pattern: string): Promise<number[]> {
  const { out } = await output("pgrep", ["-f", pattern]);
  return out.split("\n").filter((line) => line !== "").map(Number);
}

/** Kills a process if it is there. */
export function kill(pid: number, signal: Deno.Signal = "SIGKILL"): boolean {
  try {
    Deno.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Kills one of the workers; whether there was one. */
export async function killOne(sweep: ProofSweep): Promise<boolean> {
  const all = await processes(sweep.workers);
  const pid = all[Math.floor(Math.random() * all.length)];
  return pid !== undefined && kill(pid);
}

/** The program alone: its only worker is its controller. */
export class LocalEngine implements Engine {
  readonly name = "local";
  readonly options = ["--jobs", "2"];
  readonly env = {};
  readonly #sweep: ProofSweep;

  constructor(sweep: ProofSweep) {
    this.#sweep = sweep;
  }

  lacks(): Promise<undefined> {
    return Promise.resolve(undefined);
  }

  async start(): Promise<void> {}

  async isBusy(): Promise<boolean> {
    return (await processes(this.#sweep.workers)).length > 0;
  }

  /** Kills what submits; its worker goes on. */
  async killController(): Promise<boolean> {
    const [pid] = await processes(this.#sweep.submitters);
    return pid !== undefined && kill(pid);
  }

  async stop(): Promise<void> {}
}
