/**
 * Starts the fixture's command line as a child process.
 *
 * @module
 */

/** Project folder. */
export const ROOT = new URL("../../", import.meta.url).pathname;
const FIXTURE = new URL("./fixture.ts", import.meta.url).pathname;

/** Whether the tests may start processes and write below /tmp. */
export const MAY_RUN: boolean = [
  { name: "run", command: "deno" } as const,
  { name: "write", path: "/tmp" } as const,
].every((wanted) => Deno.permissions.querySync(wanted).state === "granted");

/** How to start the lab. */
export interface Start {
  /** Folder of the caller. */
  cwd?: string;
  /** Standard input. */
  input?: string;
  /** Program to run instead of the fixture. */
  program?: string;
}

/** What a finished lab leaves. */
export interface Ended {
  code: number;
  out: string;
  err: string;
}

/** The words that start the lab from `deno` on. */
export function words(args: readonly string[], program = FIXTURE): string[] {
  return [
    "run",
    "--allow-read",
    "--allow-write=/tmp",
    "--allow-run=deno",
    "--allow-env=INIT_CWD,NO_COLOR",
    program,
    ...args,
  ];
}

/** Starts the lab; its streams are piped. */
export function start(
  args: readonly string[],
  { cwd = "/tmp", input, program }: Start = {},
): Deno.ChildProcess {
  const child = new Deno.Command("deno", {
    args: words(args, program),
    cwd: ROOT,
    env: { INIT_CWD: cwd, NO_COLOR: "1" },
    stdin: input === undefined ? "null" : "piped",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  if (input !== undefined) {
    const bytes = new TextEncoder().encode(input);
    // A lab that fails early does not read it.
    new Blob([bytes]).stream().pipeTo(child.stdin).catch(() => {});
  }
  return child;
}

/** Waits for the end of the lab. */
export async function end(child: Deno.ChildProcess): Promise<Ended> {
  const { code, stdout, stderr } = await child.output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return { code, out: text(stdout), err: text(stderr) };
}

/** Runs the lab to its end, which must be a good one. */
export async function ok(
  args: readonly string[],
  how: Start = {},
): Promise<Ended> {
  const ended = await lab(args, how);
  if (ended.code === 0) return ended;
  throw new Error(`${args.join(" ")}: exit code ${ended.code}: ${ended.err}`);
}

/** Runs the lab to its end. */
export function lab(args: readonly string[], how: Start = {}): Promise<Ended> {
  return end(start(args, how));
}

/** Every file below `folder` but timing.csv, by path. */
export function contents(folder: string, path = ""): Map<string, string> {
  const found = new Map<string, string>();
  for (const entry of Deno.readDirSync(`${folder}/${path}`)) {
    const inner = `${path}${entry.name}`;
    if (entry.isDirectory) {
      for (const [k, v] of contents(folder, `${inner}/`)) found.set(k, v);
    } else if (inner !== "timing.csv") {
      found.set(inner, Deno.readTextFileSync(`${folder}/${inner}`));
    }
  }
  return new Map([...found].sort());
}

/** How many cells of `experiment` are kept in `folder`. */
export function keptIn(folder: string, experiment: string): number {
  const path = `${folder}/.cells/${experiment}`;
  try {
    const ids = [...Deno.readDirSync(path)].filter(({ isFile }) => isFile)
      .map(({ name }) => Deno.readTextFileSync(`${path}/${name}`))
      .flatMap((text) => text.match(/"id":"[0-9a-f]+"/g) ?? []);
    return new Set(ids).size;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return 0;
    throw error;
  }
}

/** Makes `path` a link to `target`, which takes fewer permissions than Deno's own call. */
export async function link(target: string, path: string): Promise<void> {
  const { success } = await new Deno.Command("ln", {
    args: ["-s", target, path],
  }).output();
  if (!success) throw new Error(`Cannot link ${path}`);
}

/** Runs `body` with a new folder, which is removed after it. */
export async function withFolder(
  body: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ dir: "/tmp", prefix: "fraglab-" });
  try {
    await body(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

/**
 * A test that needs the lab as a process, and whatever else `may` asks for;
 * announced as ignored where that is not permitted.
 */
export function processTest(
  name: string,
  body: (folder: string) => Promise<void>,
  may = MAY_RUN,
): void {
  Deno.test({ name, ignore: !may, fn: () => withFolder(body) });
}
