/**
 * Kills a run a hundred times, five with `--short`, and shows that no harm is
 * done: `deno task kill-proof`.
 *
 * Each time a run is started with `--resume` and its whole process group is
 * killed with SIGKILL at a random time; then every file under a final name
 * must be as a run without accidents writes it, of these experiments or of the
 * first of them. When a run ends before its time, the folder must hold exactly
 * the bytes of all, and a new one is begun.
 *
 * @module
 */
import { contents, ok, ROOT, words } from "./runner/lab.ts";
import { taskArguments } from "./task.ts";

const args = taskArguments({
  name: "kill-proof",
  summary: "Kills a run a hundred times and shows that no harm is done",
  usage: "[--short]",
  options: [{ name: "short", summary: "five times" }],
});
const KILLS = args.flag("short") ? 5 : 100;
const NAMES = ["churning", "paging", "waiting"];
const REST = ["--seeds", "12", "--out"];
/** Longest time until a kill, in milliseconds: most runs end before. */
const LATEST = 2500;

const base = Deno.makeTempDirSync({ dir: "/tmp", prefix: "fraglab-kill-" });
/** What the first experiment, the first two and so on leave; all come last. */
const good: Map<string, string>[] = [];
for (let n = 1; n <= NAMES.length; n++) {
  const folder = `${base}/first-${n}`;
  await ok(["experiments", ...NAMES.slice(0, n), ...REST, folder]);
  good.push(contents(folder));
}
const whole = good.at(-1)!;

/** Fails unless the files in `folder` are good; how many are not there yet. */
function missing(folder: string): number {
  const found = contents(folder);
  for (const [name, text] of found) {
    if (name.endsWith(".tmp")) continue;
    if (good.some((files) => files.get(name) === text)) continue;
    throw new Error(`${name} is not whole`);
  }
  return [...whole].filter(([name, text]) => found.get(name) !== text).length;
}

/** Runs the lab in a process group of its own; whether it was killed after `wait` ms. */
async function killed(out: string, wait: number): Promise<boolean> {
  const args = words(["experiments", ...NAMES, "--resume", ...REST, out]);
  const { success } = await new Deno.Command("timeout", {
    args: ["--signal=KILL", String(wait / 1000), "deno", ...args],
    cwd: ROOT,
    env: { INIT_CWD: "/tmp" },
    stdout: "null",
    stderr: "null",
  }).output();
  return !success;
}

let kills = 0;
let ends = 0;
while (kills < KILLS) {
  const folder = `${base}/${ends}`;
  Deno.mkdirSync(folder, { recursive: true });
  if (await killed(folder, 50 + Math.random() * LATEST)) {
    kills++;
    missing(folder);
  } else {
    ends++;
    if (missing(folder) > 0) throw new Error("the run left files out");
    if (contents(folder).size !== whole.size) {
      throw new Error("temporary files are left");
    }
  }
}
const last = `${base}/${ends}`;
await ok(["experiments", ...NAMES, "--resume", ...REST, last]);
if (missing(last) > 0) throw new Error("files are missing");
Deno.removeSync(base, { recursive: true });
console.log(
  `${kills} kills, ${ends + 1} runs resumed to the same ${whole.size} files`,
);
