/**
 * Every task answers `--help` before any work, and those that have a program of
 * their own refuse what it does not take.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import project from "../deno.json" with { type: "json" };
import { wordsOf } from "./commands/spoken.ts";
import { processTest, ROOT } from "./runner/lab.ts";

const TASKS = Object.entries(project.tasks)
  .map(([name, { command }]) => ({ name, command }));

/** The words of a task's command from its program on; undefined: it has none. */
function programOf(command: string): string[] | undefined {
  const words = wordsOf(command);
  const at = words.findIndex((word) => word.endsWith(".ts"));
  const start = words.slice(0, at).join(" ").replace(/^(\w+=\S+ )*/, "");
  return /^deno run( -\S+)*$/.test(start) ? words.slice(at) : undefined;
}

/** Runs a task's program, which may read, and neither write nor run anything. */
async function call(words: readonly string[]) {
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [
      ..."run -q --no-prompt --allow-read --allow-env=INIT_CWD,NO_COLOR".split(
        " ",
      ),
      ...words,
    ],
    cwd: ROOT,
  }).output();
  const [out, err] = [stdout, stderr].map((b) => new TextDecoder().decode(b));
  return { code, out: out!, err: err! };
}

processTest("every task tells what it takes, without permissions", async () => {
  for (const { name, command } of TASKS) {
    const program = programOf(command);
    assert(program, `${name} is one program, which answers for it: ${command}`);
    const help = await call([...program, "--help"]);
    assertEquals([help.code, help.err], [0, ""], name);
    assertMatch(help.out, RegExp(`(^|\\n)Usage: deno task ${name}\\b`), name);
  }
});

processTest("a task refuses what it does not take", async () => {
  const own = TASKS.filter(({ command }) =>
    /tests\/(?!steps)\S+\.ts$/.test(command)
  );
  assert(own.length >= 8, own.map(({ name }) => name).join());
  for (const { name, command } of own) {
    const wrong = await call([...programOf(command)!, "--hepl"]);
    assertEquals([wrong.code, wrong.out], [2, ""], name);
    assertEquals(
      wrong.err,
      "Unknown option --hepl: did you mean --help? " +
        `(see deno task ${name} --help)\n`,
    );
  }
});

processTest("steps run in order until one fails", async () => {
  const run = async (...words: string[]) => {
    const { code, stdout } = await new Deno.Command("deno", {
      args: ["run", "-q", "--allow-run=deno", "tests/steps.ts", ...words],
      cwd: ROOT,
      stderr: "null",
    }).output();
    return { code, out: new TextDecoder().decode(stdout) };
  };
  assertEquals(
    await run("ok", "echo one", "echo two", "--", "it's", "$HOME"),
    { code: 0, out: "one\ntwo it's $HOME\n" },
  );
  assertEquals(
    await run("ok", "echo one", "exit 3", "echo two", "--"),
    { code: 3, out: "one\n" },
  );
});
