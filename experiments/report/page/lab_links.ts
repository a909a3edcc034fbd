/**
 * Links from cells to the page of the lab, which shows their heaps.
 *
 * @module
 */
import { readParameters } from "../../experiment/result_files.ts";
import { plural } from "../../traces/plural.ts";
import { LAB, type ReplayedCell, type Section } from "./content.ts";
import { escaped } from "./html.ts";

/** What stands where there are no links. */
const NONE = {
  "cells": "The lab shows none of these cells: it shows what one trace of " +
    "requests does to one allocator, and these runs are something else.",
  "own trace": "To look at these heaps: <code>deno task lab</code> with the " +
    "file of the trace.",
};

/** A list of links, to be opened; why there are none where there is a lab. */
export function labLinks({ name, cells, inLab }: Section): string {
  if (inLab === "unknown") return "";
  if (cells.length === 0) return `<p class="lab">${NONE[inLab]}</p>`;
  return `<details class="lab"><summary>Look at the heaps of ${
    plural(cells.length, "cell")
  }</summary>
<ul>
${cells.map((cell) => item(name, cell)).join("\n")}
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
