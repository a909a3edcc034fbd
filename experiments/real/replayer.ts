/**
 * `replay.c` under an allocator: builds it, runs it, reads what it prints, and
 * makes sure that the allocator which answered is the one that was meant.
 *
 * @module
 */
import { Failure, firstLine } from "../runner/failure.ts";
import { projectPath } from "../runner/files.ts";
import { compiled } from "../recorder/compiled.ts";
import type { Subject } from "./allocators.ts";
import {
  type MemoryRun,
  memoryRun,
  type Process,
  processOf,
  type Rows,
  rowsOf,
  strayOf,
} from "./output.ts";

const FLAGS = ["-O2", "-fno-builtin", "-w"];
const PIE = ["-fPIE", "-pie"];

/** A replayer that is built for an allocator. */
export class Replayer {
  readonly name: string;
  /** How the program is linked with the allocator, if there are two ways. */
  readonly linked: "static" | "dyn" | undefined;
  readonly #command: readonly string[];
  readonly #object: string | undefined;
  /** Where the allocator has no word for it. */
  readonly #version: string | undefined;

  private constructor(
    { name, object, musl }: Subject,
    command: readonly string[],
    version: string | undefined,
  ) {
    this.name = name;
    this.linked = musl && (musl.isDynamic ? "dyn" : "static");
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
    const library = musl && muslLibrary(musl.specs);
    const linked = !musl
      ? []
      : musl.isDynamic
      ? ["-specs", musl.specs, `-Wl,--dynamic-linker=${library}`]
      : ["-specs", musl.specs, "-static"];
    const program = await compiled(folder, {
      what: musl ? "the replayer for musl" : "the replayer",
      files: ["replay.c", "replay.h"].map((name) =>
        projectPath(`experiments/real/${name}`)
      ),
      flags: [...linked, ...(musl && !musl.isDynamic ? [] : PIE), ...FLAGS],
    });
    const object = !musl
      ? subject.object
      : Deno.realPathSync(musl.isDynamic ? library! : program);
    const command = [...fixed, ...subject.prefix, program];
    const version = library && await muslVersion(library);
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
    return memoryRun(await this.#run([...options, file]), this.#version);
  }

  /** CPU nanoseconds per operation over `times` replays, no payload written. */
  async nanoseconds(file: string, times: number): Promise<number> {
    const rows = await this.#run(["-t", `${times}`, file]);
    const [, operations, nanoseconds] = rows.find(([key]) => key === "T")!;
    return Number(nanoseconds) / Number(operations);
  }

  /** What it says of its process. */
  async process(): Promise<Process> {
    return processOf(await this.#run(["-u", "1"]), this.#version);
  }

  /** Where the usable size changes: `[size, usable]`, up to `most` bytes. */
  async usableSizes(most: number): Promise<[size: number, usable: number][]> {
    return (await this.#run(["-u", `${most}`]))
      .filter(([key]) => key === "U")
      .map(([, size, usable]) => [Number(size), Number(usable)]);
  }

  async #run(args: readonly string[]): Promise<Rows> {
    const [program, ...before] = this.#command;
    const { code, signal, stdout, stderr } = await new Deno.Command(program!, {
      args: [...before, ...args],
    }).output();
    const said = firstLine(new TextDecoder().decode(stderr));
    const rows = rowsOf(new TextDecoder().decode(stdout));
    const why = strayOf(rows, this.#object, realPath);
    if (why !== undefined) {
      throw new Failure(
        `${this.name}: ${this.#object ?? "the C library"} does not serve: ` +
          why + (said === "" ? "" : ` (${said})`),
      );
    }
    if (code === 0) return rows;
    const ending = said || (signal ?? `exit code ${code}`);
    throw new Failure(`${this.name}: the replay failed: ${ending}`);
  }
}

/** The library of the musl that the specs file `specs` links with. */
function muslLibrary(specs: string): string {
  const [, folder] = /^-L(\S+)/m.exec(Deno.readTextFileSync(specs)) ?? [];
  if (folder !== undefined) return `${folder}/libc.so`;
  throw new Failure(`${specs} names no library to link with`);
}

/** What the musl says whose library is at `path`. */
async function muslVersion(path: string): Promise<string> {
  const { stderr } = await new Deno.Command("env", {
    args: [path],
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
