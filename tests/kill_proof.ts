/**
 * Kills a run a hundred times and shows that no harm is done:
 *
 *     deno run --allow-read --allow-write=/tmp --allow-run tests/kill_proof.ts
 *
 * Each time a run is started with `--resume` and its whole process group is
 * killed with SIGKILL at a random time; then every file under a final name
 * must be as a run without accidents writes it. When a run ends before its
 * time, the folder must hold exactly those bytes, and a new one is begun.
 *
 * @module
 */
import { contents, ok, ROOT, words } from "./runner/lab.ts";

const KILLS = 100;
const ARGS = ["experiments", "churning", "paging", "waiting", "--seeds", "12"];

/** Whether `folder` holds nothing but what `whole` has; how much it lacks. */
function missing(folder: string, whole: ReadonlyMap<string, string>): number {
  const found = contents(folder);
  for (const [name, text] of found) {
    if (name.endsWith(".tmp") || whole.get(name) === text) continue;
    throw new Error(`${name} is not whole`);
  }
  return [...whole.keys()].filter((name) => !found.has(name)).length;
}

/** Runs the lab in a process group of its own; kills the group after `wait` ms. */
async function killed(out: string, wait: number): Promise<boolean> {
  const child = new Deno.Command("setsid", {
    args: ["deno", ...words([...ARGS, "--resume", "--out", out])],
    cwd: ROOT,
    env: { INIT_CWD: "/tmp" },
    stdout: "null",
    stderr: "null",
  }).spawn();
  const timer = setTimeout(() => Deno.kill(-child.pid, "SIGKILL"), wait);
  const { success } = await child.status;
  clearTimeout(timer);
  return !success;
}

const base = Deno.makeTempDirSync({ dir: "/tmp", prefix: "fraglab-kill-" });
await ok([...ARGS, "--out", `${base}/whole`]);
const whole = contents(`${base}/whole`);
let kills = 0;
let ends = 0;
while (kills < KILLS) {
  const folder = `${base}/${ends}`;
  Deno.mkdirSync(folder, { recursive: true });
  if (await killed(folder, 50 + Math.random() * 2500)) {
    kills++;
    missing(folder, whole);
  } else {
    ends++;
    if (missing(folder, whole) > 0) throw new Error("the run left files out");
    const all = [...contents(folder).keys()];
    if (all.length !== whole.size) throw new Error("temporary files are left");
  }
}
await ok([...ARGS, "--resume", "--out", `${base}/${ends}`]);
if (missing(`${base}/${ends}`, whole) > 0) throw new Error("files are missing");
Deno.removeSync(base, { recursive: true });
console.log(
  `${kills} kills, ${ends + 1} runs resumed to the same ${whole.size} files`,
);
