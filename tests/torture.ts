/**
 * `deno task torture [--short] [FAULT...]`: does harm to runs of the lab and
 * counts what it costs. Exits 1 unless nothing was half-written, lost, wrong,
 * or said otherwise than in one line.
 *
 * @module
 */
import { contention } from "./torture/contention.ts";
import { damage } from "./torture/damage.ts";
import { fullDisk, noInodes, readOnly } from "./torture/disks.ts";
import { clean, type Fault, HARMS, type Tally } from "./torture/fault.ts";
import { hostile } from "./torture/hostile.ts";
import { kills } from "./torture/kills.ts";
import { modules } from "./torture/modules.ts";
import { nthCall } from "./torture/nth_call.ts";
import { taskArguments } from "./task.ts";
import { power } from "./torture/power.ts";

const FAULTS: readonly Fault[] = [
  kills,
  power,
  fullDisk,
  noInodes,
  readOnly,
  nthCall,
  damage,
  contention,
  modules,
  hostile,
];

const args = taskArguments({
  name: "torture",
  summary: "Does harm to runs of the lab and counts what it costs",
  usage: `[--short] [${FAULTS.map(({ name }) => name).join(" | ")}]...`,
  options: [{ name: "short", summary: "a few strikes of each fault" }],
  names: FAULTS.map(({ name }) => name),
});
const size = args.flag("short") ? "short" : "long";
const chosen = FAULTS.filter(({ name }) =>
  args.names.length === 0 || args.names.includes(name)
);
console.log(row("fault", ["runs", ...HARMS, "seconds"], "what"));
let sum = 0;
for (const fault of chosen) {
  const why = fault.missing?.();
  if (why !== undefined) {
    console.log(`${fault.name}: SKIPPED, ${why}`);
    continue;
  }
  const start = performance.now();
  const tally = await strike(fault);
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  const counts = [tally.runs, ...HARMS.map((kind) => tally[kind]), seconds];
  console.log(row(fault.name, counts, fault.summary));
  if (tally.first) console.log(`  ${tally.first}`);
  sum += HARMS.reduce((all, kind) => all + tally[kind], 0);
}
console.log(sum === 0 ? "No harm was done" : `${sum} harms`);
Deno.exit(sum === 0 ? 0 : 1);

async function strike(fault: Fault): Promise<Tally> {
  const folder = Deno.makeTempDirSync({ dir: "/tmp", prefix: "fraglab-" });
  try {
    return await fault.run(size, folder);
  } catch (error) {
    return { ...clean(), rude: 1, first: String(error) };
  } finally {
    Deno.removeSync(folder, { recursive: true });
  }
}

function row(
  name: string,
  counts: readonly (number | string)[],
  what: string,
): string {
  const cells = counts.map((count) => String(count).padStart(8));
  return `${name.padEnd(10)}${cells.join("")}  ${what}`;
}
