/**
 * Makes the plan of a sweep, line by line.
 *
 * @module
 */
import type { Experiment } from "../experiment/experiment.ts";
import { type Digests, fileDigest } from "../runner/digest.ts";
import {
  inputFile,
  PROJECT_DATA,
  projectPath,
  type Setting,
} from "../runner/files.ts";
import { eachCell, type Grid } from "../runner/plan.ts";
import { filesOf, moduleOf } from "../runner/job.ts";
import type { Specs } from "../runner/specs.ts";
import { VERSION } from "../runner/version.ts";
import { cellLine, headLine, plannedId } from "./plan_file.ts";

/** Folder of the project's recorded programs, below `data/`. */
const TRACES = "traces/";

/** What to plan. */
export interface Planned {
  experiment: Experiment;
  grid: Grid;
  /** The command line that runs it here. */
  command: string;
}

/** The lines of a plan, as bytes. */
export function* planLines(
  planned: readonly Planned[],
  { specs, digests, setting }: {
    specs: Specs;
    digests: Digests;
    setting: Setting;
  },
): Generator<Uint8Array> {
  const code: Record<string, string> = { "": digests.code() };
  for (const module of Object.keys(setting.modules)) {
    code[module] = digests.code(module);
  }
  const inputs = inputsOf(planned, setting);
  let cells = 0;
  for (const { experiment, grid } of planned) {
    for (const _ of eachCell(grid, experiment, specs)) cells++;
  }
  const parts = planned.map(({ grid, command }) => ({ grid, command }));
  yield headLine({ version: VERSION, code, inputs, parts, cells });
  const encoder = new TextEncoder();
  let cell = 0;
  for (const { experiment, grid } of planned) {
    for (const key of eachCell(grid, experiment, specs)) {
      const module = moduleOf(key, specs).module;
      const files = filesOf(key, experiment);
      const id = plannedId(key, { code, inputs }, {
        ...(module !== undefined && { module }),
        files,
      });
      yield encoder.encode(cellLine({ ...key, cell: cell++, id }));
    }
  }
}

/** Digests of the project's data and of the files that parameters name. */
function inputsOf(
  planned: readonly Planned[],
  setting: Setting,
): Record<string, string> {
  const paths = [...Deno.readDirSync(projectPath(`data/${TRACES}`))]
    .filter(({ isFile }) => isFile)
    .map(({ name }) => `${PROJECT_DATA}${TRACES}${name}`);
  for (const { experiment: { files = [] }, grid } of planned) {
    for (const name of files) {
      paths.push(...grid.parameters[name]!.map((value) => `${value}`));
    }
  }
  return Object.fromEntries(
    [...new Set(paths)].sort()
      .map((path) => [path, fileDigest(inputFile(setting, path))]),
  );
}
