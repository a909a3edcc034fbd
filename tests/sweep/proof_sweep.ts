/**
 * The sweep that `deno task prove:sweep` does again and again.
 *
 * @module
 */
import { visible } from "../runner/folders.ts";
import { ROOT } from "../runner/lab.ts";
import project from "../../deno.json" with { type: "json" };
import type { Engine } from "./engine.ts";

/** Ten allocators and points, so that seeds are a tenth of the cells. */
const SPEC = {
  experiment: "random_sizes",
  allocators: ["first_fit", "best_fit", "worst_fit", "tlsf", "glibc"],
  set: {
    sizes: ["constant:64", "uniform:1:1999"],
    lifetimes: ["random:200"],
    requests: [1000],
  },
};
const POINTS = SPEC.allocators.length * SPEC.set.sizes.length;

/** What a program left. */
export interface Output {
  code: number;
  out: string;
  err: string;
}

/** Runs a program to its end. */
export async function output(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<Output> {
  const { code, stdout, stderr } = await new Deno.Command(program, {
    args: [...args],
    env: { ...env, NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** As `output`; throws unless it ends well. */
export async function succeed(
  program: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  const { code, out, err } = await output(program, args, env);
  if (code === 0) return out;
  throw new Error(`${program} ${args.join(" ")}: exit code ${code}: ${err}`);
}

/** Waits. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((wake) => setTimeout(wake, milliseconds));
}

/** A plan, a folder for shards, and what a local run leaves. */
export class ProofSweep {
  readonly folder: string;
  readonly cells: number;
  readonly shards: number;
  readonly #seeds: number;

  /** Everything lies in `folder`. */
  constructor(folder: string, cells: number, shards: number) {
    this.folder = folder;
    this.cells = cells;
    this.shards = shards;
    this.#seeds = cells / POINTS;
  }

  /** Patterns of the command lines of its workers, and of what submits. */
  get workers(): string {
    return `^[^ ]*deno run .* sweep run --cells ${this.folder}/`;
  }

  get submitters(): string {
    return `^[^ ]*deno run .* sweep submit --cells ${this.folder}/`;
  }

  /** The words of the lab's program, which may write to the folder. */
  #words(words: readonly string[]): string[] {
    const task = project.tasks.sweep.command
      .replace('"data,$INIT_CWD"', this.folder)
      .replace("experiments/main.ts sweep", `${ROOT}experiments/main.ts`);
    return [...task.split(" ").slice(1), ...words];
  }

  #lab(words: readonly string[], env = {}): Promise<string> {
    return succeed(Deno.execPath(), this.#words(words), env);
  }

  #sweep(action: string, ...more: string[]): string[] {
    return [
      ...["sweep", action, "--cells", `${this.folder}/cells.jsonl`],
      ...["--out", `${this.folder}/shards`, "--shards", `${this.shards}`],
      ...more,
    ];
  }

  /** Plans it, and does it with a local run; the seconds that this takes. */
  async local(): Promise<number> {
    const spec = `${this.folder}/spec.json`;
    const text = JSON.stringify({ ...SPEC, seeds: this.#seeds });
    Deno.writeTextFileSync(spec, text);
    const plan = await this.#lab(["sweep", "plan", spec]);
    Deno.writeTextFileSync(`${this.folder}/cells.jsonl`, plan);
    const start = performance.now();
    await this.#lab([
      ...["experiments", SPEC.experiment, "--jobs", "2"],
      ...["--allocator", SPEC.allocators.join(), "--seeds", `${this.#seeds}`],
      ...Object.entries(SPEC.set)
        .flatMap(([key, values]) => ["--set", `${key}=${values.join()}`]),
      ...["--out", `${this.folder}/local`],
    ]);
    return (performance.now() - start) / 1000;
  }

  /** Removes all shards. */
  empty(): void {
    const shards = `${this.folder}/shards`;
    Deno.mkdirSync(shards, { recursive: true });
    Deno.removeSync(shards, { recursive: true });
    Deno.mkdirSync(shards);
  }

  /** Starts an engine with all that is left; how it ended. */
  submit({ name, options, env }: Engine): Promise<Output> {
    const words = this.#sweep("submit", "--engine", name, ...options, "--go");
    return output(Deno.execPath(), this.#words(words), env);
  }

  /** Shards that are there. */
  published(): number {
    return [...Deno.readDirSync(`${this.folder}/shards`)]
      .filter(({ name }) => name.endsWith(".shard")).length;
  }

  /** Collects; the files that differ from those of the local run. */
  async differences(): Promise<string[]> {
    const [local, collected] = ["local", "collected"].map((name) =>
      `${this.folder}/${name}`
    );
    await this.#lab(this.#sweep("collect", "--results", collected!));
    const expected = visible(local!);
    const found = visible(collected!);
    const files = new Set([...expected.keys(), ...found.keys()]);
    const different = [...files].filter((name) =>
      expected.get(name) !== found.get(name)
    );
    const tables = await Promise.all(
      [local, collected].map((results) =>
        this.#lab(["export", "--as", "parquet", "--results", results!])
      ),
    );
    if (tables[0] !== tables[1]) different.push("Parquet");
    Deno.removeSync(collected!, { recursive: true });
    return different;
  }
}
