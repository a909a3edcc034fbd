/**
 * What the first map shows, as a table: for those who listen, and to copy.
 *
 * @module
 */
/// <reference lib="dom" />
import type { App } from "./app.ts";
import { h, scroller, table } from "./dom.ts";
import { hex } from "./ranges.ts";

/** A table that is filled while it is open. */
export class BlocksTable {
  readonly root: HTMLDetailsElement;
  readonly #app: App;
  readonly #place = h("div");

  constructor(app: App) {
    this.#app = app;
    this.root = h(
      "details",
      { ontoggle: () => this.update() },
      h("summary", {}, "What the map shows, as a table"),
      scroller("Blocks in the view", this.#place),
    );
  }

  /** The map shows something else. */
  async update(): Promise<void> {
    if (!this.root.open) return;
    const [view] = this.#app.shownParts;
    if (!view) return;
    const ask = { kind: "table", lane: 0, view } as const;
    const found = await this.#app.client.ask(ask);
    if (found.kind !== "table") return;
    const first = `The first ${found.rows.length} are listed; ` +
      "“Save blocks as CSV” writes all.";
    this.#place.replaceChildren(
      h(
        "p",
        { class: "hint" },
        `Blocks of ${this.#app.specs[0]}. `,
        found.isCut ? first : "",
      ),
      table(
        "Blocks in the view",
        found.columns.map((name) => name.replaceAll("_", " ")),
        found.rows.map((row) =>
          row.map((cell, i) =>
            found.columns[i] === "address" ? hex(Number(cell)) : cell
          )
        ),
      ),
    );
  }
}
