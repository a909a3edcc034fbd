/**
 * Links from cells to the page of the lab, which shows their heaps.
 *
 * @module
 */
import { readParameters } from "../../experiment/result_files.ts";
import { plural } from "../../traces/plural.ts";
import { LAB, type ReplayedCell } from "./content.ts";
import { escaped } from "./html.ts";

/** A list of links, to be opened; nothing where there are no cells. */
export function labLinks(
  experiment: string,
  cells: readonly ReplayedCell[],
): string {
  if (cells.length === 0) return "";
  return `<details class="lab"><summary>Look at the heaps of ${
    plural(cells.length, "cell")
  }</summary>
<ul>
${cells.map((cell) => item(experiment, cell)).join("\n")}
</ul></details>`;
}

function item(experiment: string, cell: ReplayedCell): string {
  const { allocator, parameters, seed } = cell;
  const text = [allocator, parameters.replaceAll(";", ", "), `seed ${seed}`]
    .filter((part) => part !== "").join("; ");
  return `<li><a href="${escaped(labHref(experiment, cell))}">${
    escaped(text)
  }</a></li>`;
}

/** Where the page of the lab shows `cell`. */
export function labHref(
  experiment: string,
  { allocator, parameters, seed }: ReplayedCell,
): string {
  const words = new URLSearchParams({ experiment });
  for (const [name, value] of readParameters(parameters)) {
    words.append("set", `${name}=${value}`);
  }
  words.set("seed", seed);
  words.set("allocators", allocator);
  return `${LAB}#${words}`;
}
