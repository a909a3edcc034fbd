/**
 * Every task that has a program of its own answers `--help` before any work, and
 * refuses what it does not take.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import project from "../deno.json" with { type: "json" };
import { processTest, ROOT } from "./runner/lab.ts";

/** The programs of the tasks, by name, but those that Deno itself answers for. */
const PROGRAMS = Object.entries(project.tasks).flatMap(
  ([name, { command }]) => {
    const program = /tests\/\S+\.ts$/.exec(command)?.[0];
    return program ? [{ name, program }] : [];
  },
);

/** Runs a task's program, which may read and nothing else. */
async function call(program: string, word: string) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: ["run", "-q", "--no-prompt", "--allow-read", program, word],
    cwd: ROOT,
  }).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return { code, out: out!, err: err! };
}

processTest("every task tells what it takes, without permissions", async () => {
  assert(PROGRAMS.length >= 8, PROGRAMS.map(({ name }) => name).join());
  for (const { name, program } of PROGRAMS) {
    const help = await call(program, "--help");
    assertEquals([help.code, help.err], [0, ""], name);
    assertMatch(help.out, RegExp(`\\nUsage: deno task ${name}\\b`));
    const wrong = await call(program, "--hepl");
    assertEquals([wrong.code, wrong.out], [2, ""], name);
    assertEquals(
      wrong.err,
      "Unknown option --hepl: did you mean --help? " +
        `(see deno task ${name} --help)\n`,
    );
  }
});
