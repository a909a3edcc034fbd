/**
 * Whether this machine can compute shards of a plan: what workers need, each
 * looked at as a worker would use it.
 *
 * @module
 */
import { type Digests, fileDigest } from "../runner/digest.ts";
import { firstLine } from "../runner/failure.ts";
import { inputFile, type Setting } from "../runner/files.ts";
import type { Engine } from "./engines.ts";
import type { PlanFile } from "./plan_file.ts";
import { checkCode } from "./run.ts";
import type { ShardFolder } from "./shards.ts";

/** What was looked at. */
export interface Finding {
  /** What it is. */
  what: string;
  /** What was found. */
  found: string;
  /** Whether a worker can go on with it. */
  isGood: boolean;
}

/** What to look at. */
export interface Patient {
  plan: PlanFile;
  folder: ShardFolder;
  digests: Digests;
  setting: Setting;
  engine: Engine;
  /** What a program prints; throws if it cannot be started, or fails. */
  ask(program: string, ...args: string[]): string;
}

/** Everything that workers need. */
export function examine(patient: Patient): Finding[] {
  const checks: [what: string, look: (patient: Patient) => string][] = [
    ["deno", () => `${Deno.version.deno}, ${Deno.execPath()}`],
    ["packages", () => "this program and all that it imports were loaded"],
    ["code", code],
    ["inputs", inputs],
    ["folder", folder],
    ["engine", engine],
  ];
  return checks.map(([what, look]) => {
    try {
      return { what, found: look(patient), isGood: true };
    } catch (error) {
      return { what, found: firstLine(error), isGood: false };
    }
  });
}

function code({ plan, digests }: Patient): string {
  checkCode(plan, digests);
  return `that of the plan, version ${plan.head.version}`;
}

function inputs({ plan, setting }: Patient): string {
  const all = Object.entries(plan.head.inputs);
  for (const [path, digest] of all) {
    if (fileDigest(inputFile(setting, path)) === digest) continue;
    throw new Error(`${path} is not what the plan was made with`);
  }
  return `all ${all.length} are those of the plan`;
}

/** Does there what a worker does: makes a file, locks it, synchronizes it. */
function folder({ folder }: Patient): string {
  folder.prepare();
  using file = folder.scratch();
  if (!file.tryLockSync(true)) throw new Error("files cannot be locked");
  file.writeSync(new Uint8Array(1));
  file.syncSync();
  return `${folder.path} takes files`;
}

function engine({ engine, folder, ask }: Patient): string {
  if (engine === "local") return "local: nothing else is needed";
  if (engine === "parallel") return firstLine(ask("parallel", "--version"));
  const { shards } = folder.division;
  const most = /MaxArraySize\s*=\s*(\d+)/.exec(
    ask("scontrol", "show", "config"),
  );
  if (most && shards >= Number(most[1])) {
    throw new Error(
      `Slurm takes numbers below ${most[1]} in an array (MaxArraySize), so ` +
        `${shards} shards are too many: see --shards`,
    );
  }
  return firstLine(ask("sbatch", "--version"));
}
