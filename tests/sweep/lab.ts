/**
 * Sweeps of the fixture's experiments, for tests.
 *
 * @module
 */
import type { PlanFile } from "../../experiments/sweep/plan_file.ts";
import { ShardFolder } from "../../experiments/sweep/shards.ts";
import { type Ended, lab, ok, type Start } from "../runner/lab.ts";

/** A sweep in a folder of its own. */
export class Sweep {
  readonly folder: string;
  readonly #how: Start;

  /** The plan is `folder`/cells.jsonl, its shards lie in `folder`/shards. */
  constructor(folder: string, how: Start = {}) {
    this.folder = folder;
    this.#how = { cwd: folder, ...how };
  }

  get cells(): string {
    return `${this.folder}/cells.jsonl`;
  }

  get shards(): string {
    return `${this.folder}/shards`;
  }

  /** Plans what `spec` says. */
  async plan(spec: unknown): Promise<void> {
    Deno.writeTextFileSync(`${this.folder}/spec.json`, JSON.stringify(spec));
    const { out } = await ok(["sweep", "plan", "spec.json"], this.#how);
    Deno.writeTextFileSync(this.cells, out);
  }

  /** The words of an action. */
  words(action: string, ...more: string[]): string[] {
    return [
      ...["sweep", action, "--cells", this.cells, "--out", this.shards],
      ...more,
    ];
  }

  /** What an action says. */
  do(action: string, ...more: string[]): Promise<Ended> {
    return lab(this.words(action, ...more), this.#how);
  }

  /** As `do`; it must end well. */
  ok(action: string, ...more: string[]): Promise<Ended> {
    return ok(this.words(action, ...more), this.#how);
  }

  /** Its shards, of which there are `shards`. */
  division({ name: plan, head: { cells } }: PlanFile, shards: number) {
    return new ShardFolder(this.shards, { plan, cells, shards });
  }

  /** Names in the folder of shards, sorted. */
  names(): string[] {
    return [...Deno.readDirSync(this.shards)].map(({ name }) => name).sort();
  }

  /** The bytes of every shard, by name. */
  bytes(): Map<string, string> {
    return new Map(
      this.names().map((name) => [
        name,
        Deno.readTextFileSync(`${this.shards}/${name}`),
      ]),
    );
  }
}
