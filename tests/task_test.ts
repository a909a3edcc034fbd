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

processTest(
  "compare takes the release that glibc alone stands for",
  async (folder) => {
    Deno.writeTextFileSync(`${folder}/one.rep`, "a 0 16\n");
    const words = wordsOf(project.tasks.compare.command).slice(1)
      .map((word) => word.replace("write=data", `write=data,${folder}`));
    const { stdout, stderr } = await new Deno.Command("deno", {
      args: [...words, "one.rep", "--out", "one.csv"],
      cwd: ROOT,
      env: { INIT_CWD: folder },
    }).output();
    const told = [stdout, stderr].map((b) => new TextDecoder().decode(b)).join(
      "",
    );
    // Where the machine's glibc is another release, or there is no compiler, it says so.
    assertMatch(told, /^one\.rep under glibc: 1 operation$|^No real malloc /m);
    assert(!told.includes("undefined"), told);
  },
);

processTest(
  "screenshots of nothing are refused in one line",
  async (folder) => {
    const program = programOf(project.tasks.screenshots.command)!;
    const { code, err } = await call([...program, folder]);
    assertEquals(
      [code, err],
      [1, `There is no page in ${folder}: run some experiments first\n`],
    );
  },
);
