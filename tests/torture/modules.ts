/**
 * Allocator modules that throw, exit, loop, eat memory or fail late: each costs
 * its own cells, and all others are kept.
 *
 * @module
 */
import { contents, keptIn } from "../runner/lab.ts";
import { HARM, moduleText } from "../runner/modules.ts";
import { words } from "../runner/lab.ts";
import { begin, clean, type End, ended, type Fault, harm } from "./fault.ts";

/** The run that modules take part in; seeds make a few cells of each. */
const RUN = ["churning", "--scale", "quick", "--seeds", "3"];
const OTHERS = "first_fit,best_fit";

async function run(out: string, allocators: string, ...more: string[]) {
  const args = ["experiments", ...RUN, "--allocator", allocators];
  return await ended(begin(words([...args, "--out", out, ...more])));
}

/** What a run said, but for where its results are. */
function complaints({ err }: End): string[] {
  return err.split("\n")
    .filter((line) => line !== "" && !/^(Results|Figures) are in /.test(line));
}

/** Every kind of module, many times; once in short. */
export const modules: Fault = {
  name: "module",
  summary: "modules that throw, exit, loop, eat memory, fail late",
  async run(size, folder) {
    const tally = clean();
    const sound = `${folder}/sound`;
    const first = await run(sound, OTHERS);
    if (first.code !== 0) throw new Error(`A sound run fails: ${first.err}`);
    for (let round = 0; round < (size === "short" ? 1 : 20); round++) {
      for (const [name, [code, said]] of Object.entries(HARM)) {
        tally.runs++;
        const where = `module that ${name}`;
        const module = `${folder}/mine.ts`;
        const out = `${folder}/out`;
        Deno.writeTextFileSync(module, moduleText(code));
        const limits = ["--cell-disk=8", "--cell-memory", "300", "--cell-time"];
        const end = await run(
          out,
          `${OTHERS},${module}`,
          ...limits,
          name === "loops" ? "2" : "60",
        );
        const lines = complaints(end);
        const [line = ""] = lines.at(-1)?.split("; ") ?? [];
        if (end.code !== 1 || lines.length !== 1 || !said.test(line)) {
          harm(tally, "rude", `${where}: exit code ${end.code}, "${end.err}"`);
        }
        const lost = keptIn(sound, "churning") - keptIn(out, "churning");
        if (lost > 0) harm(tally, "lost", `${where}: cells`);
        await run(out, OTHERS, "--resume");
        const found = contents(out);
        for (const [file, text] of contents(sound)) {
          if (found.get(file) === text) continue;
          harm(tally, "wrong", `${where}: ${file}`);
        }
        Deno.removeSync(out, { recursive: true });
      }
    }
    return tally;
  },
};
