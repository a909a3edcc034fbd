/**
 * The real glibc, answer by answer: builds its C replayer and runs it.
 *
 * Needs cc; for i386 gcc-multilib as well; for armhf the cross compiler
 * arm-linux-gnueabihf-gcc, its C library and qemu-arm-static.
 *
 * @module
 */
import type { GEOMETRIES } from "../../allocators/glibc/params.ts";
import { projectPath } from "../runner/files.ts";

/** A key of the geometries. */
export type GeometryName = keyof typeof GEOMETRIES;

/** Bits of size_t. */
export const BITS: Readonly<Record<GeometryName, 32 | 64>> = {
  x86_64: 64,
  i386: 32,
  armhf: 32,
};

/**
 * `key=value` pairs, as in a spec and, with a prefix, in GLIBC_TUNABLES; the
 * version of the library may be one of them.
 */
export type Tuning = readonly string[];

/** Why something is not to be had here. */
export interface Missing {
  readonly why: string;
}

const SOURCE = projectPath("experiments/real/glibc_replay.c");
/** Options of the compiler: calls of malloc are calls. */
export const FLAGS = ["-O2", "-fno-builtin", "-Wno-array-bounds"];
/** A file of no requests. */
const NO_REQUESTS = "/dev/null";
const ARM_ROOT = "/usr/arm-linux-gnueabihf";
const COMPILERS: Readonly<Record<GeometryName, readonly string[]>> = {
  x86_64: ["cc"],
  // gcc-multilib's own headers are found after those of the machine.
  i386: ["cc", "-m32", "-idirafter", "/usr/include/x86_64-linux-gnu"],
  armhf: ["arm-linux-gnueabihf-gcc"],
};

/** A built replayer. */
export interface Oracle {
  /** Which malloc it has. */
  readonly geometry: GeometryName;
  /** Output of a replay of the trace in `file`. */
  run(
    file: string,
    tuning: Tuning,
    options: readonly string[],
  ): Promise<string>;
}

/**
 * Builds the replayer in `directory` and sees whether it runs here; `launcher`
 * are words that stand before it.
 */
export async function buildOracle(
  geometry: GeometryName,
  directory: string,
  launcher: readonly string[] = [],
): Promise<Oracle | Missing> {
  const binary = `${directory}/replay_${geometry}`;
  const [compiler, ...rest] = COMPILERS[geometry];
  const options = [...rest, ...FLAGS, "-o", binary];
  if (!await builds(directory, compiler!, [...options, SOURCE])) {
    return { why: `${compiler} does not build it` };
  }
  const command = geometry === "armhf"
    ? ["setarch", "-R", "qemu-arm-static", "-L", ARM_ROOT, binary]
    : [...launcher, binary, "-R"];
  return await runnable(geometry, command);
}

/** The oracle that `command` is, if it runs here. */
export async function runnable(
  geometry: GeometryName,
  command: readonly string[],
): Promise<Oracle | Missing> {
  const runs = await execute([...command, NO_REQUESTS], {}) !== undefined;
  if (!runs) return { why: "the replayer is built, but does not run here" };
  return {
    geometry,
    async run(file, tuning, options) {
      const tunables = tuning.filter((t) => !t.startsWith("version="))
        .map((t) => `glibc.malloc.${t}`).join(":");
      const output = await execute(
        [...command, ...options, file],
        tunables === "" ? {} : { GLIBC_TUNABLES: tunables },
      );
      if (output === undefined) {
        throw new Error(`${command.join(" ")} ${file} failed`);
      }
      return output;
    },
  };
}

/** Whether `compiler` builds a program in `directory`. */
export async function builds(
  directory: string,
  compiler: string,
  options: readonly string[],
): Promise<boolean> {
  await Deno.mkdir(directory, { recursive: true });
  return await execute([compiler, ...options], {}) !== undefined;
}

/**
 * Standard output of a command; undefined if it fails, does not exist, or is
 * for another machine.
 */
async function execute(
  [program, ...args]: readonly string[],
  env: Record<string, string>,
): Promise<string | undefined> {
  try {
    const command = new Deno.Command(program!, {
      args,
      env,
      stderr: "null",
    });
    const { success, stdout } = await command.output();
    return success ? new TextDecoder().decode(stdout) : undefined;
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return undefined;
  }
}
