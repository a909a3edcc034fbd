/**
 * Folders for files that are needed for a while, and what killed processes
 * leave of them.
 *
 * @module
 */
import { assertEquals } from "@std/assert";
import { TemporaryFolder } from "../../experiments/runner/temporary_folder.ts";
import { processTest } from "./lab.ts";

const MODULE = new URL(
  "../../experiments/runner/temporary_folder.ts",
  import.meta.url,
).href;

/** A process that has a folder in `place` and waits to be killed. */
function program(place: string): string {
  return `import { TemporaryFolder } from ${JSON.stringify(MODULE)};
const folder = await TemporaryFolder.in(${JSON.stringify(place)});
Deno.writeTextFileSync(folder.path + "/requests.rep", "0");
console.log(folder.path);
setInterval(() => {}, 1000);
`;
}

processTest("a temporary folder goes with its process", async (folder) => {
  const names = () => [...Deno.readDirSync(folder)].map(({ name }) => name);
  {
    using first = await TemporaryFolder.in(folder);
    using second = await TemporaryFolder.in(folder);
    const both = [first, second].map(({ path }) => path.split("/").at(-1)!);
    assertEquals(names().sort(), both.sort());
  }
  assertEquals(names(), []);

  const script = `${folder}/program.ts`;
  Deno.writeTextFileSync(script, program(folder));
  await using child = new Deno.Command("deno", {
    args: ["run", "--no-check", "--allow-read", "--allow-write=/tmp", script],
    cwd: new URL("../../", import.meta.url).pathname,
    stdout: "piped",
    stderr: "inherit",
  }).spawn();
  const reader = child.stdout.pipeThrough(new TextDecoderStream()).getReader();
  const { value: path } = await reader.read();
  {
    using _other = await TemporaryFolder.in(folder);
    assertEquals(Deno.readTextFileSync(`${path!.trim()}/requests.rep`), "0");
  }
  child.kill("SIGKILL");
  await child.status;
  await reader.cancel();
  Deno.mkdirSync(`${folder}/.never-locked.tmp`);
  Deno.mkdirSync(`${folder}/mine.tmp`);
  {
    using _next = await TemporaryFolder.in(folder);
  }
  assertEquals(names().sort(), ["mine.tmp", "program.ts"]);
});
