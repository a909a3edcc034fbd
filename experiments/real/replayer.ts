/**
 * `replay.c` under an allocator: builds it, runs it, reads what it prints, and
 * makes sure that the allocator which answered is the one that was meant.
 *
 * @module
 */
import { Failure, firstLine } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { compiled } from "../recorder/compiled.ts";
import type { Instant } from "../replay/resident.ts";
import type { Subject } from "./allocators.ts";

const FLAGS = ["-O2", "-fno-builtin", "-w"];
const PAGE = 4096;

/** What a run says of the process it ran in. */
export interface Process {
  /** The allocator by its own account, or that of the C library. */
  version: string;
  /** Whether addresses are randomised. */
  randomized: boolean;
  /** Huge pages of the machine: always, madvise or never. */
  hugePages: string;
}

/** What a replay cost in memory. */
export interface MemoryRun {
  process: Process;
  /** In the order of operations; the first is before all of them. */
  curve: readonly Instant[];
  /** Anonymous resident bytes before the first operation. */
  start: number;
  /** Most bytes in huge pages at the exact samples. */
  huge: number;
  /** Requests that were refused. */
  failures: number;
  /** Resident bytes after all is freed, idling, a little work, a purge. */
  phases: ReadonlyMap<string, number>;
}

/** A replayer that is built for an allocator. */
export class Replayer {
  readonly name: string;
  readonly #command: readonly string[];
  readonly #object: string | undefined;
  /** Where the allocator has no word for it. */
  readonly #version: string | undefined;

  private constructor(
    { name, object }: Subject,
    command: readonly string[],
    version: string | undefined,
  ) {
    this.name = name;
    this.#version = version;
    this.#command = command;
    this.#object = object;
  }

  /**
   * Builds the program in `folder` if need be. `fixed`: words that switch the
   * randomisation of addresses off, if anything does.
   */
  static async built(
    subject: Subject,
    folder: string,
    fixed: readonly string[],
  ): Promise<Replayer> {
    const { musl } = subject;
    const linked = musl ? ["-specs", musl, "-static"] : ["-fPIE", "-pie"];
    const program = await compiled(folder, {
      what: musl ? "the replayer for musl" : "the replayer",
      files: [projectPath("experiments/real/replay.c")],
      flags: [...linked, ...FLAGS],
    });
    const object = musl ? Deno.realPathSync(program) : subject.object;
    const command = [...fixed, ...subject.prefix, program];
    const version = musl && await muslVersion(musl);
    return new Replayer({ ...subject, object }, command, version);
  }

  /** Replays `file`, payload written, with figures every so many operations. */
  async memory(
    file: string,
    { every, exactly, hugePages = true, idle }: {
      every: number;
      exactly: number;
      hugePages?: boolean;
      idle?: number;
    },
  ): Promise<MemoryRun> {
    const options = ["-s", `${every}`, "-x", `${exactly}`];
    if (!hugePages) options.push("-H");
    if (idle !== undefined) options.push("-i", `${idle}`);
    return this.#memory(await this.#run([...options, file]));
  }

  /** CPU nanoseconds per operation over `times` replays, no payload written. */
  async nanoseconds(file: string, times: number): Promise<number> {
    const rows = await this.#run(["-t", `${times}`, file]);
    const [, operations, nanoseconds] = rows.find(([key]) => key === "T")!;
    return Number(nanoseconds) / Number(operations);
  }

  /** What it says of its process. */
  async process(): Promise<Process> {
    return this.#process(await this.#run(["-u", "1"]));
  }

  /** Where the usable size changes: `[size, usable]`, up to `most` bytes. */
  async usableSizes(most: number): Promise<[size: number, usable: number][]> {
    return (await this.#run(["-u", `${most}`]))
      .filter(([key]) => key === "U")
      .map(([, size, usable]) => [Number(size), Number(usable)]);
  }

  #memory(rows: readonly string[][]): MemoryRun {
    const curve: Instant[] = [];
    const phases = new Map<string, number>();
    let [start, firstFaults, huge, failures] = [0, 0, 0, 0];
    let phase: string | undefined;
    for (const [key, ...words] of rows) {
      const [op, live, pages, faults, refused] = words.map(Number);
      if (key === "P") phase = words[0];
      else if (key === "X") huge = Math.max(huge, pages! * 1024);
      else if (key === "S" && phase !== undefined) {
        phases.set(phase, pages! * PAGE - start);
      } else if (key === "S") {
        if (op === 0) { // the second of two: files have been opened
          [start, firstFaults] = [pages! * PAGE, faults!];
          curve.length = 0;
        }
        failures = refused!;
        curve.push({
          op: op!,
          live: live!,
          resident: pages! * PAGE - start,
          faults: faults! - firstFaults,
        });
      }
    }
    const process = this.#process(rows);
    return { process, curve, start, huge, failures, phases };
  }

  #process(rows: readonly string[][]): Process {
    const after = (key: string) =>
      rows.find(([first]) => first === key)!.slice(1);
    return {
      version: this.#version ?? versionOf(after("V")),
      randomized: after("R")[0] === "1",
      hugePages: after("H")[0]!,
    };
  }

  async #run(args: readonly string[]): Promise<string[][]> {
    const [program, ...before] = this.#command;
    const { code, signal, stdout, stderr } = await new Deno.Command(program!, {
      args: [...before, ...args],
    }).output();
    const said = firstLine(new TextDecoder().decode(stderr));
    const rows = new TextDecoder().decode(stdout).split("\n")
      .map((line) => line.split(" "));
    this.#check(rows, said);
    if (code === 0) return rows;
    const ending = said || (signal ?? `exit code ${code}`);
    throw new Failure(`${this.name}: the replay failed: ${ending}`);
  }

  /** Throws `Failure` unless every function lies where it should. */
  #check(rows: readonly string[][], said: string): void {
    const places = rows.filter(([key]) => key === "A")
      .map(([, name, ...path]) => ({ name: name!, path: path.join(" ") }));
    const object = this.#object;
    const stray = places.find(({ path }) =>
      object === undefined
        ? !/\/libc[.-][^/]*so/.test(path)
        : path !== object && realPath(path) !== object
    );
    if (places.length > 0 && !stray) return;
    const why = stray
      ? `${stray.name} is that of ${stray.path}`
      : "it does not start";
    throw new Failure(
      `${this.name}: ${object ?? "the C library"} does not serve: ${why}` +
        (said === "" ? "" : ` (${said})`),
    );
  }
}

/** What the musl says that the specs file `specs` links with. */
async function muslVersion(specs: string): Promise<string> {
  const folder = /^-L(\S+)/m.exec(Deno.readTextFileSync(specs))?.[1];
  const { stderr } = await new Deno.Command("env", {
    args: [`${folder}/libc.so`],
    stdout: "null",
  }).output();
  const said = new TextDecoder().decode(stderr);
  return `musl ${/^Version (\S+)/m.exec(said)?.[1] ?? "?"}`;
}

function realPath(path: string): string | undefined {
  try {
    return Deno.realPathSync(path);
  } catch {
    return undefined;
  }
}

/** `mimalloc 209` is 2.0.9, `jemalloc 5.3.0-0-g54eaed1d8b5...` is 5.3.0. */
function versionOf([name, ...words]: readonly string[]): string {
  const version = words.at(-1)!;
  if (name === "mimalloc") {
    const digits = version.length > 3
      ? /^(\d+)(\d\d)(\d\d)$/.exec(version)!
      : /^(\d)(\d)(\d)$/.exec(version)!;
    return `mimalloc ${digits.slice(1).map(Number).join(".")}`;
  }
  return `${name} ${version.replace(/-\d+-g[\da-f]+$/, "")}`;
}
