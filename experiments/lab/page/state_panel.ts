/**
 * What is known of all heaps at the cursor: the metrics side by side, and a
 * card for each heap.
 *
 * @module
 */
/// <reference lib="dom" />
import type { LaneState } from "../protocol.ts";
import type { App } from "./app.ts";
import { h, scroller, Table } from "./dom.ts";
import { type Chosen, HeapCard } from "./heap_card.ts";
import { bytesText, countText, shareText } from "./ranges.ts";

/** Metrics that the table shows, and how. */
const METRICS: readonly (readonly [
  name: string,
  label: string,
  text: (value: number) => string,
])[] = [
  ["requested_bytes", "requested", bytesText],
  ["allocated_bytes", "usable", bytesText],
  ["metadata_bytes", "metadata", bytesText],
  ["cached_bytes", "cached", bytesText],
  ["free_bytes", "free", bytesText],
  ["footprint_bytes", "footprint", bytesText],
  ["resident_bytes", "resident", bytesText],
  ["largest_free_bytes", "largest free", bytesText],
  ["live_blocks", "live blocks", countText],
  ["internal_ratio", "internal", shareText],
  ["external_ratio", "external", shareText],
  ["overhead_ratio", "overhead", shareText],
  ["failures", "refused", countText],
];

/** What stands beside the maps. */
export class StatePanel {
  readonly root: HTMLElement = h("section", {
    class: "state",
    "aria-label": "The heap at the cursor",
  });
  readonly #app: App;
  #metrics = new Table("", []);
  #cards: HeapCard[] = [];

  constructor(app: App) {
    this.#app = app;
  }

  /** A card for each of `specs`; where there are few, their words come first. */
  reset(specs: readonly string[]): void {
    this.#cards = specs.map((spec, i) => new HeapCard(this.#app, i, spec));
    this.#metrics = new Table("Metrics at the cursor", [
      "metric",
      ...specs,
      ...(specs.length === 2 ? ["difference"] : []),
    ]);
    this.root.replaceChildren(
      scroller("Metrics at the cursor", this.#metrics.root),
      h("div", { class: "cards" }, ...this.#cards.map(({ root }) => root)),
    );
  }

  /**
   * Shows the states of all lanes; without the lists of allocators unless the
   * cursor `rests`, so that what is shown keeps up with the hand.
   */
  show(lanes: readonly LaneState[], rests: boolean): void {
    // Pictures ask how much room there is: before what is written changes it.
    lanes.forEach((state, i) => this.#cards[i]?.set(state));
    this.draw();
    for (const card of this.#cards) {
      card.write();
      if (rests) card.writeLists();
    }
    this.#metrics.show(metricRows(lanes));
  }

  /** Shows the life of a block of `lane`. */
  choose(lane: number, block: Chosen): void {
    this.#cards[lane]?.choose(block);
  }

  /** The room or the colours have changed. */
  draw(): void {
    for (const card of this.#cards) card.draw();
  }

  /** One line for each lane, for those who listen. */
  static sentence(
    lanes: readonly LaneState[],
    specs: readonly string[],
  ): string {
    return lanes.map(({ op, request, words, metrics }, i) =>
      [
        `${specs[i]}: after operation ${op}, ${request}`,
        ...words,
        `Footprint ${bytesText(metrics.footprint_bytes ?? 0)}, ` +
        `live ${bytesText(metrics.requested_bytes ?? 0)}`,
      ].join(". ") + "."
    ).join(" ");
  }
}

/** Metrics down, allocators across; of two the difference too. */
function metricRows(lanes: readonly LaneState[]): string[][] {
  const shown = METRICS.filter(([name]) =>
    lanes.some(({ metrics }) => metrics[name] !== undefined)
  );
  return shown.map(([name, label, text]) => {
    const values = lanes.map(({ metrics }) => metrics[name]);
    const cells = values.map((value) => value === undefined ? "" : text(value));
    if (lanes.length !== 2) return [label, ...cells];
    const [one, other] = values;
    const isKnown = one !== undefined && other !== undefined;
    return [label, ...cells, isKnown ? signed(other - one, text) : ""];
  });
}

function signed(value: number, text: (value: number) => string): string {
  return value > 0 ? `+${text(value)}` : text(value);
}
