/**
 * The real malloc: builds the C replayer and runs it.
 *
 * Needs cc; for i386 gcc-multilib as well; for armhf the cross compiler
 * arm-linux-gnueabihf-gcc, its C library and qemu-arm-static.
 *
 * @module
 */
import type { GEOMETRIES } from "../../allocators/glibc/params.ts";
import type { Missing } from "../skipped.ts";

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

/** The tunable settings of the proof: the default, and 14 that touch each tunable. */
export const TUNINGS: readonly Tuning[] = [
  [],
  ["tcache_count=0"],
  ["tcache_count=1", "tcache_max=100"],
  ["tcache_count=300"],
  ["tcache_max=0"],
  ["tcache_unsorted_limit=2"],
  ["mxfast=0"],
  ["mxfast=160", "tcache_count=2"],
  ["mmap_threshold=131072"],
  ["mmap_threshold=5000", "mmap_max=20"],
  ["mmap_max=0"],
  ["trim_threshold=20000", "tcache_count=3"],
  ["top_pad=0"],
  ["top_pad=700000", "trim_threshold=1"],
  ["tcache_count=0", "mxfast=0", "top_pad=0", "trim_threshold=0"],
];

/** The settings of the proof with threads. */
export const THREAD_TUNINGS: readonly Tuning[] = [
  [],
  ["arena_max=1"],
  ["arena_max=2"],
  ["arena_max=3"],
  ["arena_max=40"],
  ["arena_test=2"],
  ["arena_test=20"],
  ["top_pad=0"],
  ["top_pad=132500"],
  ["top_pad=3000000"],
  ["mmap_max=0"],
  ["mmap_max=0", "top_pad=0", "arena_max=5"],
  ["tcache_count=0"],
  ["tcache_count=0", "mxfast=0"],
  ["tcache_count=200", "arena_test=3"],
  ["mmap_threshold=40000000", "trim_threshold=100000"],
  ["trim_threshold=0", "top_pad=0"],
];

const FLAGS = ["-O2", "-fno-builtin", "-Wno-array-bounds"];
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

/** Builds the replayer in `directory` and sees whether it runs here. */
export async function buildOracle(
  geometry: GeometryName,
  directory: string,
): Promise<Oracle | Missing> {
  const binary = `${directory}/replay_${geometry}`;
  const [compiler, ...rest] = COMPILERS[geometry];
  const options = [...rest, ...FLAGS, "-o", binary];
  if (!await builds(directory, compiler!, [...options, here("replay.c")])) {
    return { why: `${compiler} does not build it` };
  }
  const command = geometry === "armhf"
    ? ["setarch", "-R", "qemu-arm-static", "-L", ARM_ROOT, binary]
    : [binary, "-R"];
  return await runnable(geometry, command, directory);
}

/** As {@linkcode buildOracle}, for traces with threads; lines of arenas, too. */
export async function buildThreadOracle(
  directory: string,
): Promise<Oracle | Missing> {
  const binary = `${directory}/replay_threads`;
  const options = [...FLAGS, "-pthread", "-o", binary];
  const source = here("replay_threads.c");
  if (!await builds(directory, "cc", [...options, source])) {
    return { why: "cc does not build it" };
  }
  return await runnable("x86_64", [binary, "-R", "-a"], directory);
}

/** The oracle that `command` is, if it runs here. */
export async function runnable(
  geometry: GeometryName,
  command: readonly string[],
  directory: string,
): Promise<Oracle | Missing> {
  const probe = `${directory}/probe_${geometry}.rep`;
  await Deno.writeTextFile(probe, "0\n1\n1\n1\na 0 1\n");
  const runs = await execute([...command, probe], {}) !== undefined;
  await Deno.remove(probe);
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

function here(name: string): string {
  return new URL(name, import.meta.url).pathname;
}

async function builds(
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
