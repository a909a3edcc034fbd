/**
 * Runs cells, one after the other, wherever that is.
 *
 * @module
 */
import { ALLOCATORS } from "../../allocators/registry.ts";
import { cellOf } from "../experiment/cell.ts";
import {
  type CellKey,
  type Experiment,
  SAMPLES,
} from "../experiment/experiment.ts";
import { parametersText } from "../experiment/result_files.ts";
import { KEY_COLUMNS } from "../measures/columns.ts";
import { columnsOf } from "../measures/csv.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { Answer, Ran } from "./answer.ts";
import { PROJECT_DATA, type Setting } from "./files.ts";
import { InputReader } from "./input_reader.ts";
import { dictionary, SAMPLE_TABLE } from "./kept.ts";
import { replayExperiment } from "./replay_experiment.ts";
import { Rows } from "./rows.ts";
import { SharedTraces } from "./shared_traces.ts";
import { Specs } from "./specs.ts";

/** What all cells of a worker have in common. */
export class CellRunner {
  readonly #setting: Setting;
  readonly #experiments: readonly Experiment[];
  readonly #traces = new SharedTraces();
  /** The allocators of cells. */
  readonly specs: Specs;

  private constructor(
    setting: Setting,
    experiments: readonly Experiment[],
    specs: Specs,
  ) {
    this.#setting = setting;
    this.#experiments = experiments;
    this.specs = specs;
  }

  /** Loads what `setting` names. */
  static async in(setting: Setting): Promise<CellRunner> {
    const { EXPERIMENTS } = await import(setting.catalogue);
    const specs = await Specs.load(ALLOCATORS, setting.modules);
    return new CellRunner(setting, [...EXPERIMENTS, replayExperiment], specs);
  }

  /** Runs a cell, whose rows go to `emit`; never throws. */
  async answer(
    key: CellKey,
    emit: (piece: Uint8Array) => void,
  ): Promise<Answer> {
    try {
      return await this.#run(key, new Rows(emit));
    } catch (error) {
      return failed(error);
    }
  }

  async #run(key: CellKey, rows: Rows): Promise<Ran> {
    const experiment = this.#experiments.find(({ name }) =>
      name === key.experiment
    )!;
    const inputs = new InputReader(this.#setting);
    const common = (workload: string) => ({
      experiment: key.experiment,
      allocator: key.allocator,
      workload,
      parameters: parametersText(key.parameters),
      seed: key.seed,
    });
    let put: ReturnType<Rows["table"]> | undefined;
    const samples = (workload: string) =>
      put ??= rows.table(SAMPLES, SAMPLE_TABLE, common(workload));
    const cell = cellOf(key, {
      samples,
      spec: (text) => this.specs.parse(text),
      trace: (name, make) => this.#traces.take(name, make, inputs),
      open: (path) => inputs.open(path),
      data: (path) => inputs.open(`${PROJECT_DATA}${path}`),
    });
    const start = performance.now();
    const outcome = await experiment.run(cell);
    const seconds = (performance.now() - start) / 1000;
    const { workload, measures, tables = {} } = outcome;
    outcome.samples.forEach(samples(workload));
    for (const [name, some] of Object.entries(tables)) {
      const own = columnsOf(some, dictionary(experiment));
      const columns = [...KEY_COLUMNS, ...own];
      some.forEach(rows.table(name, columns, common(workload)));
    }
    rows.flush();
    const finite = Object.entries(measures)
      .filter(([, value]) => Number.isFinite(value));
    const kept = {
      ...key,
      workload,
      measures: Object.fromEntries(finite),
      inputs: inputs.digests(),
      tables: rows.parts,
    };
    return { kept, seconds };
  }
}

/** What to answer when `error` ended a cell. */
export function failed(error: unknown): Answer {
  if (error instanceof Unsuitable) return { unsuitable: error.message };
  return error instanceof Error
    ? { error: error.name, message: error.message }
    : { error: "Error", message: String(error) };
}
