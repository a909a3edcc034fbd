/**
 * `deno task golden`: replaces the kept files by those of a new quick run, and
 * the figure of the README by that of a new run.
 *
 * @module
 */
import { withFolder } from "../runner/lab.ts";
import { GOLDEN, kept, quickRun } from "./quick.ts";
import { README_FIGURE, readmeFigure } from "./moving.ts";
import { taskArguments } from "../task.ts";

taskArguments({
  name: "golden",
  summary: "Rewrites the golden files after an intended change",
  usage: "",
});

await withFolder(async (folder) => {
  const now = await quickRun(folder);
  for (const [name, before] of kept()) {
    if (!now.has(name)) {
      Deno.removeSync(GOLDEN + name);
      console.log(`- ${name}`);
    } else if (now.get(name) === before) now.delete(name);
  }
  for (const [name, text] of now) {
    Deno.writeTextFileSync(GOLDEN + name, text);
    console.log(`+ ${name}`);
  }
});

await withFolder(async (folder) => {
  Deno.writeTextFileSync(README_FIGURE, await readmeFigure(folder));
});
