/**
 * Command lines that the lab names: they do what they say when pasted.
 *
 * @module
 */
import { assert, assertEquals, assertMatch } from "@std/assert";
import {
  commandLine,
  permittedLine,
} from "../../experiments/commands/command_line.ts";
import { replayFolder } from "../../experiments/commands/replay_folder.ts";
import { lab, ok, processTest, ROOT } from "../runner/lab.ts";

/** The words of a line as a shell reads them, behind `deno task run`. */
function pasted(line: string): string[] {
  const words = [...line.matchAll(/'((?:[^']|'\\'')*)'|[^ ]+/g)]
    .map(([word, inside]) => inside?.replaceAll("'\\''", "'") ?? word);
  assertEquals(words.slice(0, 3), ["deno", "task", "run"], line);
  return words.slice(3);
}

/** The command that the package in `folder` names for each CSV file. */
function commands(folder: string): Map<string, string> {
  const text = Deno.readTextFileSync(`${folder}/datapackage.json`);
  const { resources } = JSON.parse(text);
  return new Map(
    resources.filter((one: Record<string, unknown>) => one.provenance)
      .map(({ path, provenance }: {
        path: string;
        provenance: { command: string };
      }) => [path, provenance.command]),
  );
}

processTest("every CSV names the command that makes it", async (folder) => {
  const name = "it's mine.rep";
  Deno.writeTextFileSync(`${folder}/${name}`, "a 0 100\na 1 200\nf 0\n");
  Deno.writeTextFileSync(`${folder}/input.txt`, "four");
  const runs = [
    "experiments churning paging reading --allocator first_fit,buddy --set live=9,2e1 --seeds 2",
    "experiments churning waiting --set steps=50 --seeds 3,7 --scale quick",
    "claims one --seed 4 --scale quick",
    "replay FILE --allocator bump,first_fit:align=32 --sample 1 --touch none",
  ];
  for (const [i, run] of runs.entries()) {
    const args = run.split(" ").map((word) => word === "FILE" ? name : word);
    const how = { cwd: folder };
    await ok([...args, "--out", `${i}`], how);
    const named = commands(`${folder}/${i}`);
    assert(named.size > 0);
    for (const line of new Set(named.values())) {
      assert(
        Deno.readTextFileSync(`${folder}/${i}/index.html`).includes(
          line.replaceAll("'", "&#39;"),
        ) || line.includes("'"),
        line,
      );
      await ok([...pasted(line), "--out", `${i}-again`], how);
    }
    for (const path of named.keys()) {
      assertEquals(
        Deno.readTextFileSync(`${folder}/${i}-again/${path}`),
        Deno.readTextFileSync(`${folder}/${i}/${path}`),
        `${run}: ${path}`,
      );
    }
    assertEquals(commands(`${folder}/${i}-again`), named);
  }
});

Deno.test("words are safe to paste", () => {
  const words = ["replay", "a b.rep", "it's", "$HOME", "x:y=1,2", ""];
  const line = commandLine(words);
  assertEquals(
    line,
    `deno task run replay 'a b.rep' 'it'\\''s' '$HOME' x:y=1,2 ''`,
  );
});

processTest("a closed folder names the command that opens it", async (base) => {
  const out = `${base}/mine`;
  const closed = new Deno.Command("deno", {
    args: [
      "run",
      "--allow-read",
      `--allow-write=${base}/other`,
      "--allow-env=INIT_CWD,NO_COLOR",
      `${ROOT}experiments/main.ts`,
      ...["experiments", "power_of_two_waste", "--scale", "quick"],
      ...["--out", out],
    ],
    cwd: base,
    env: { INIT_CWD: base, NO_COLOR: "1" },
  });
  const { code, stderr } = await closed.output();
  const said = new TextDecoder().decode(stderr);
  assertEquals(code, 1);
  assertMatch(said, /^Cannot write to [^\n]*data folder is open; this may: /);
  const line = said.trimEnd().split("this may: ")[1]!;
  assertEquals(
    line,
    permittedLine(
      ["experiments", "power_of_two_waste", "--scale", "quick", "--out", out],
      out,
      `${ROOT}experiments/main.ts`,
    ),
  );
  const [program, ...args] = line.split(" ");
  const opened = await new Deno.Command(program!, { args, cwd: base }).output();
  assertEquals(opened.code, 0, new TextDecoder().decode(opened.stderr));
  assert(Deno.statSync(`${out}/power_of_two_waste.csv`).isFile);
});

processTest("replays have folders of their own", async (base) => {
  for (const name of ["a.rep", "b.rep.txt"]) {
    Deno.writeTextFileSync(`${base}/${name}`, "a 0 100\nf 0\n");
  }
  const folder = (...traces: string[]) =>
    replayFolder(base, traces).slice(base.length + 1);
  assertEquals(folder("a.rep"), "a");
  assertEquals(folder("x/cc1.rep.gz", "perl.rep"), "cc1+perl");
  assertEquals(folder("-"), "stdin");
  assertEquals(folder("../.hidden"), "hidden");
  assertEquals(folder(".."), "trace");
  assertMatch(folder("1", "2", "3", "4", "5"), /^1\+4-more-[0-9a-f]{8}$/);
  const args = ["--allocator", "bump", "--out"];
  await ok(["replay", "a.rep", ...args, `${base}/a`], { cwd: base });
  assertEquals(folder("a.rep"), "a");
  assertEquals(folder("b/a.rep"), "a-2", "another trace of that name");
  const { code } = await lab(["replay", "b.rep.txt", ...args, `${base}/b`], {
    cwd: base,
  });
  assertEquals(code, 0);
});
