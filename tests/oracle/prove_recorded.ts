/**
 * `deno task prove:recorded`: records programs with threads on this machine,
 * and asks the simulated library for the places that their blocks had.
 *
 * Exits with 1 if a place differs, with 2 if nothing could be recorded.
 * `--write` makes the fixtures of those that are short enough anew.
 *
 * @module
 */
import { taskArguments } from "../task.ts";
import {
  formatRecording,
  misplaced,
  parseLog,
  type Recording,
  simulatedPlaces,
} from "./threaded.ts";

/** The programs: what runs them, with what in its environment. */
const PROGRAMS: Readonly<Record<string, readonly string[]>> = {
  "threads.py": ["PYTHONMALLOC=malloc", "/usr/bin/python3", "-S"],
  "threads.pl": ["/usr/bin/perl"],
  "threads.js": ["node"],
};
const HERE = new URL(".", import.meta.url).pathname;
const BUILD = `${HERE}build/`;
const RECORDER = `${BUILD}record_threads.so`;
const FLAGS = ["-O2", "-fPIC", "-shared", "-fno-builtin"];
/** Most operations of a fixture. */
const MOST = 100_000;

/** Whether a command succeeded; false if there is none. */
async function succeeds(program: string, args: string[]): Promise<boolean> {
  try {
    const options = { args, stdout: "null", stderr: "null" } as const;
    return (await new Deno.Command(program, options).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** What `program` asked of malloc; undefined if it cannot be run. */
async function record(program: string): Promise<Recording | undefined> {
  const log = `${BUILD}${program}.log`;
  const ran = await succeeds("env", [
    `LD_PRELOAD=${RECORDER}`,
    `FRAGLAB_LOG=${log}`,
    ...PROGRAMS[program]!,
    `${HERE}programs/${program}`,
  ]);
  if (!ran) return undefined;
  const recording = parseLog(await Deno.readTextFile(log));
  await Deno.remove(log);
  return recording;
}

/** Compares a program; whether it differs, undefined if it is not there. */
async function prove(
  program: string,
  write: boolean,
): Promise<boolean | undefined> {
  const recording = await record(program);
  if (!recording) {
    console.log(`SKIPPED ${program}: it cannot be run with glibc 2.36`);
    return undefined;
  }
  const { trace, places } = recording;
  const simulated = simulatedPlaces(trace);
  const wrong = misplaced(recording, simulated);
  const blocks = places.filter((place) => place !== "-").length;
  const threads = new Set(trace.match(/^T \d+$/gm)).size;
  console.log(
    `${program}: ${places.length} operations, ${threads} threads, ` +
      `${wrong.length} of ${blocks} blocks elsewhere`,
  );
  const [first] = wrong;
  if (first !== undefined) {
    console.log(`  operation ${first}: ${trace.split("\n")[first + 4]}`);
    console.log(`  real      ${places[first]}`);
    console.log(`  simulated ${simulated[first]}`);
  } else if (write && places.length <= MOST) {
    const url = new URL(`fixtures/${program}.gz`, import.meta.url);
    const gzip = new CompressionStream("gzip");
    const text = new Blob([formatRecording(recording)]).stream();
    await Deno.writeFile(url, text.pipeThrough(gzip));
  }
  return wrong.length > 0;
}

async function main(): Promise<number> {
  const args = taskArguments({
    name: "prove:recorded",
    summary: "Records programs with threads, and compares the simulated " +
      "glibc with the places that they got; needs cc and glibc 2.36",
    usage: "[options]",
    options: [{ name: "write", summary: "make the fixtures anew" }],
  });
  await Deno.mkdir(BUILD, { recursive: true });
  const built = [...FLAGS, "-o", RECORDER, `${HERE}record_threads.c`];
  if (!await succeeds("cc", built)) {
    console.log("SKIPPED: cc does not build the recorder");
    return 2;
  }
  const verdicts: (boolean | undefined)[] = [];
  for (const program of Object.keys(PROGRAMS)) {
    verdicts.push(await prove(program, args.flag("write")));
  }
  if (verdicts.every((differs) => differs === undefined)) return 2;
  return verdicts.includes(true) ? 1 : 0;
}

if (import.meta.main) Deno.exit(await main());
