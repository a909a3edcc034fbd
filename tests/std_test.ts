/**
 * The choice between the genuine `@std` and its stand-ins: several tasks may
 * make it at once.
 *
 * @module
 */
import { assertEquals, assertMatch } from "@std/assert";
import { processTest, ROOT } from "./runner/lab.ts";

/** Runs offline/std.ts in `folder`, where nobody answers for JSR. */
async function choose(folder: string): Promise<{ code: number; err: string }> {
  const { code, stderr } = await new Deno.Command("deno", {
    args: [
      ..."run -q --no-config --no-lock --allow-read=deno.json,.std".split(" "),
      "--allow-write=.std",
      "offline/std.ts",
    ],
    cwd: folder,
    env: { JSR_URL: "http://127.0.0.1:9/", NO_COLOR: "1" },
    stdout: "null",
    stderr: "piped",
  }).output();
  return { code, err: new TextDecoder().decode(stderr) };
}

/** The names of the stand-ins that are linked, and anything else there. */
function links(folder: string): string[] {
  return [...Deno.readDirSync(`${folder}/.std`)].flatMap(({ name }) =>
    name === "links"
      ? [...Deno.readDirSync(`${folder}/.std/links`)].map(({ name }) => name)
      : `.std/${name}`
  ).sort();
}

/** Copies what the choice needs. */
function prepare(folder: string): void {
  Deno.mkdirSync(`${folder}/offline`);
  for (const file of ["deno.json", "offline/std.ts"]) {
    Deno.copyFileSync(`${ROOT}${file}`, `${folder}/${file}`);
  }
}

processTest(
  "a folder that takes no links is said in one line",
  async (folder) => {
    prepare(folder);
    Deno.writeTextFileSync(`${folder}/.std`, "no folder");
    const { code, err } = await choose(folder);
    assertEquals(code, 1);
    assertMatch(err, /^@std: cannot write to \.std: [^\n]+\n$/);
  },
);

processTest("tasks that begin at once choose @std once", async (folder) => {
  prepare(folder);
  const all = ["assert", "cli", "csv", "testing"];
  const cli = `${folder}/.std/links/cli/deno.json`;
  for (const before of [undefined, "{}"]) { // nothing, then an older version
    if (before !== undefined) Deno.writeTextFileSync(cli, before);
    const ended = await Promise.all(
      Array.from({ length: 4 }, () => choose(folder)),
    );
    for (const { code, err } of ended) {
      assertEquals(code, 0, err);
      assertEquals(/^(@std: the stand-ins .*\n)?$/.test(err), true, err);
    }
    assertEquals(links(folder), all);
    const { name, version } = JSON.parse(Deno.readTextFileSync(cli));
    assertEquals([name, version], ["@std/cli", "1.0.32"]);
  }
  assertEquals(await choose(folder), { code: 0, err: "" });
});
