/**
 * Programs of `tests/oracle/programs/`, compiled and recorded here.
 *
 * @module
 */
import project from "../../deno.json" with { type: "json" };
import { mayNotRun, type Missing } from "../skipped.ts";
import { ROOT } from "../runner/lab.ts";

const SOURCES = `${ROOT}tests/oracle/programs`;
const PRELOAD = `${ROOT}experiments/recorder/preload`;
const FLAGS = ["-g", "-O1", "-Wall", "-Wextra", "-Werror", "-pthread"];

/** What a recording left. */
export interface Recorded {
  code: number;
  /** Standard output of the program. */
  out: string;
  /** Standard error of the program and of the task. */
  err: string;
  /** Text of the traces, by file name. */
  traces: ReadonlyMap<string, string>;
  /** Lines of what the first process was answered. */
  answers: string[];
}

/** What can be recorded here. */
export interface Recorder {
  /** Compiles the program `source` into `folder`; its path. */
  build(folder: string, source: string): Promise<string>;
  /** Records `words` in `folder`, as `deno task record` does. */
  record(
    folder: string,
    words: readonly string[],
    how?: RecordOptions,
  ): Promise<Recorded>;
  /** What `deno task record --recover` says. */
  recover(): Promise<string>;
}

/** How to record. */
export interface RecordOptions {
  /** Words before `--`. */
  options?: readonly string[];
  /** Called when the program runs, with its process. */
  during?(pid: number): Promise<void>;
}

/** The recorder, if this machine has what it needs. */
export async function recorder(): Promise<Recorder | Missing> {
  const denied = mayNotRun("deno", "cc", "c++");
  if (denied) return denied;
  if (Deno.build.os !== "linux" || Deno.build.arch !== "x86_64") {
    return { why: "it is for Linux on x86-64" };
  }
  for (const compiler of ["cc", "c++"]) {
    try {
      await new Deno.Command(compiler, { args: ["--version"] }).output();
    } catch {
      return { why: `there is no ${compiler}` };
    }
  }
  return { build, record, recover };
}

/** Words of the task `record`, which may write to `folder`. */
function task(folder: string): string[] {
  return project.tasks.record.command.split(" ").slice(1)
    .map((word) => word.replace('"data,$INIT_CWD"', `data,${folder}`));
}

async function recover(): Promise<string> {
  const { code, stderr } = await new Deno.Command("deno", {
    args: [...task("data"), "--recover"],
    cwd: ROOT,
    env: { INIT_CWD: ROOT, NO_COLOR: "1" },
  }).output();
  const said = new TextDecoder().decode(stderr);
  if (code !== 0) throw new Error(said);
  return said;
}

async function build(folder: string, source: string): Promise<string> {
  const compiler = source.endsWith(".c") ? "cc" : "c++";
  const path = `${folder}/${source.replace(/\..*/, "")}`;
  const args = [...FLAGS, "-I", PRELOAD, "-o", path, `${SOURCES}/${source}`];
  const { success, stderr } = await new Deno.Command(compiler, { args })
    .output();
  if (!success) throw new Error(new TextDecoder().decode(stderr));
  return path;
}

async function record(
  folder: string,
  words: readonly string[],
  { options = [], during }: RecordOptions = {},
): Promise<Recorded> {
  const child = new Deno.Command("deno", {
    args: [
      ...task(folder),
      ...["--out", "t.rep.gz", "--addresses", "t.addresses", ...options],
      "--",
      ...words,
    ],
    cwd: ROOT,
    env: { INIT_CWD: folder, NO_COLOR: "1" },
    stdin: "null",
    stdout: "piped",
    stderr: "piped",
  }).spawn();
  const out = new Response(child.stdout).text();
  let err = "";
  const told = (async () => {
    for await (
      const text of child.stderr.pipeThrough(new TextDecoderStream())
    ) {
      const pid = /^Recording process (\d+)/m.exec(text)?.[1];
      err += text;
      if (pid !== undefined) await during?.(Number(pid));
    }
  })();
  const { code } = await child.status;
  await told;
  const traces = new Map<string, string>();
  let answers: string[] = [];
  for (const { name } of Deno.readDirSync(folder)) {
    if (name === "t.addresses") {
      answers = Deno.readTextFileSync(`${folder}/${name}`).trim().split("\n");
    }
    if (!/^t\..*rep\.gz$/.test(name)) continue;
    traces.set(name, await textOf(`${folder}/${name}`));
  }
  return { code, out: await out, err, traces, answers };
}

/** The text of the trace at `path`. */
export async function textOf(path: string): Promise<string> {
  const file = await Deno.open(path);
  const text = file.readable.pipeThrough(new DecompressionStream("gzip"));
  return await new Response(text).text();
}
