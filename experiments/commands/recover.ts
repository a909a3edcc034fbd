/**
 * `record --recover`: the traces of runs of `record` that were killed, from the
 * logs that they left.
 *
 * @module
 */
import { basename } from "node:path";
import { convert, headsIn, type Recording } from "../recorder/convert.ts";
import { LogsFolder } from "../recorder/logs_folder.ts";
import { projectPath } from "../runner/files.ts";
import type { Lab } from "./command.ts";

/**
 * Converts all logs that were left; `report` says what came of a folder. Those
 * of a program that still runs stay where they are.
 */
export async function recover(
  lab: Lab,
  report: (recordings: readonly Recording[]) => void,
): Promise<void> {
  let found = false;
  Deno.mkdirSync(projectPath("data/recorded"), { recursive: true });
  Deno.mkdirSync(projectPath("data/recorder"), { recursive: true });
  for (const left of LogsFolder.left(projectPath("data/recorder"))) {
    using folder = left;
    const heads = headsIn(folder.path);
    const [first] = heads;
    if (!first) continue; // the program had not begun
    found = true;
    const running = await runningOf(heads.filter(({ ended }) => !ended));
    if (running !== undefined) {
      folder.keep();
      lab.note(`${first.program}: process ${running} still runs: end it first`);
      continue;
    }
    const name = `${basename(first.program)}-${folder.id}.rep.gz`;
    const out = projectPath(`data/recorded/${name}`);
    const from = { folder: folder.path, out, addresses: undefined };
    try {
      report(await convert(from));
    } catch (error) {
      folder.keep();
      throw error;
    }
  }
  if (!found) lab.note("No recording was cut off");
}

/** One of the processes that runs; undefined: none does. */
async function runningOf(
  processes: readonly { pid: number }[],
): Promise<number | undefined> {
  for (const { pid } of processes) {
    const { success } = await new Deno.Command("env", {
      args: ["test", "-d", `/proc/${pid}`],
    }).output();
    if (success) return pid;
  }
  return undefined;
}
