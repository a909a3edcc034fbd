/**
 * How the real jemalloc is run, and which simulated one that is.
 *
 * @module
 */

/** A way to run it. */
export interface Mode {
  /** Which release. */
  version: "5.3.0" | "5.3.1";
  /** Its MALLOC_CONF. */
  settings: string;
  /** Nanoseconds that pass with each operation. */
  clock: number;
  /** The same, simulated. */
  spec: string;
}

const NO_DECAY = "dirty_decay_ms:-1,muzzy_decay_ms:-1";
const OLD_COLLECTOR = "experimental_tcache_gc:false";

/** Microseconds of the clock, from many operations in a step of decay to none. */
const CLOCKS = [100, 1000, 20_000];

/** Both versions, with decay off and by several clocks. */
export const JEMALLOC_MODES: readonly Mode[] = [
  mode("5.3.0", 1, { decay: "off" }),
  mode("5.3.1", 1, { decay: "off", gc: "old" }),
  mode("5.3.1", 1000, { decay: "off" }),
  ...CLOCKS.flatMap((clock) => [
    mode("5.3.0", clock, {}),
    mode("5.3.1", clock, {}),
  ]),
];

/**
 * What the real one in `folder` prints for the trace in `file`; undefined if it
 * is not there.
 */
export async function placesOf(
  folder: string,
  { version, settings, clock }: Mode,
  file: string,
): Promise<string | undefined> {
  const args = ["-C", String(clock), file];
  const env = { MALLOC_CONF: settings };
  const program = `${folder}/${version}.sh`;
  try {
    const { code, stdout } = await new Deno.Command(program, { args, env })
      .output();
    if (code !== 0) throw new Error(`${program} ends with ${code}`);
    return new TextDecoder().decode(stdout);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return undefined;
    throw error;
  }
}

function mode(
  version: Mode["version"],
  microseconds: number,
  options: Readonly<Record<string, string>>,
): Mode {
  const clock = 1000 * microseconds;
  const all = Object.entries({ version, ...options, clock });
  return {
    version,
    settings: [
      ...("decay" in options ? [NO_DECAY] : []),
      ...("gc" in options ? [OLD_COLLECTOR] : []),
    ].join(),
    clock,
    spec: ["jemalloc", ...all.map((pair) => pair.join("="))].join(":"),
  };
}
