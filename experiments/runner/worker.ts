/**
 * Runs cells in a worker, one after the other.
 *
 * @module
 */
import { ALLOCATORS } from "../../allocators/registry.ts";
import { cellOf } from "../experiment/cell.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { CellKey, Experiment } from "../experiment/experiment.ts";
import { PROJECT_DATA, type Setting } from "./files.ts";
import { InputReader } from "./input_reader.ts";
import { keepable, type Kept } from "./kept.ts";
import { replayExperiment } from "./replay_experiment.ts";
import { SharedTraces } from "./shared_traces.ts";
import { Specs } from "./specs.ts";

/** A cell that ran. */
export interface Ran {
  /** What it leaves. */
  kept: Kept;
  /** Time it took. */
  seconds: number;
}

/** What became of a cell. */
export type Answer =
  | Ran
  | {
    /** The allocator cannot take part; why. */
    unsuitable: string;
  }
  | {
    /** Class of the error that ended it. */
    error: string;
    message: string;
  };

interface Scene {
  setting: Setting;
  experiments: readonly Experiment[];
  specs: Specs;
  traces: SharedTraces;
}

async function prepare(setting: Setting): Promise<Scene> {
  const { EXPERIMENTS } = await import(setting.catalogue);
  return {
    setting,
    experiments: [...EXPERIMENTS, replayExperiment],
    specs: await Specs.load(ALLOCATORS, setting.modules),
    traces: new SharedTraces(),
  };
}

async function run(scene: Scene, key: CellKey) {
  const { setting, experiments, specs, traces } = scene;
  const experiment = experiments.find(({ name }) => name === key.experiment)!;
  const inputs = new InputReader(setting);
  const cell = cellOf(key, {
    spec: (text) => specs.parse(text),
    trace: (name, make) => traces.take(name, make, inputs),
    open: (path) => inputs.open(path),
    data: (path) => inputs.open(`${PROJECT_DATA}${path}`),
  });
  const start = performance.now();
  const outcome = await experiment.run(cell);
  const seconds = (performance.now() - start) / 1000;
  return {
    kept: {
      ...keepable(experiment, key, outcome),
      inputs: inputs.digests(),
    },
    seconds,
  };
}

async function answer(scene: Promise<Scene>, key: CellKey): Promise<Answer> {
  try {
    return await run(await scene, key);
  } catch (error) {
    if (error instanceof Unsuitable) return { unsuitable: error.message };
    if (error instanceof Error) {
      return { error: error.name, message: error.message };
    }
    return { error: "Error", message: String(error) };
  }
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Setting | CellKey>) => void;
  postMessage(answer: Answer): void;
};
let scene: Promise<Scene> | undefined;
scope.onmessage = async ({ data }) => {
  if ("catalogue" in data) scene = prepare(data);
  else scope.postMessage(await answer(scene!, data));
};
