/**
 * The real glibc with threads: builds its C replayer and runs it.
 *
 * @module
 */
import {
  builds,
  FLAGS,
  type Missing,
  type Oracle,
  runnable,
} from "../../experiments/real/glibc.ts";

const SOURCE = new URL("./replay_threads.c", import.meta.url).pathname;

/** The replayer of traces with threads, built in `directory`; it prints lines of arenas, too. */
export async function buildThreadOracle(
  directory: string,
): Promise<Oracle | Missing> {
  const binary = `${directory}/replay_threads`;
  const options = [...FLAGS, "-pthread", "-o", binary];
  if (!await builds(directory, "cc", [...options, SOURCE])) {
    return { why: "cc does not build it" };
  }
  return await runnable("x86_64", [binary, "-R", "-a"]);
}
