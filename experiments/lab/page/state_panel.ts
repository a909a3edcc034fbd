/**
 * The heap at the cursor: the operation in words, the metrics, the blocks as
 * rows of bytes, the allocator's own lists, and the block that was chosen.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer, BlockRow, LaneState } from "../protocol.ts";
import type { App } from "./app.ts";
import { button, h, scroller, table } from "./dom.ts";
import { bytesText, countText, hex, shareText } from "./ranges.ts";
import { drawRows } from "./rows.ts";

/** The block that somebody chose. */
export type Chosen = (Answer & { kind: "block" })["block"];

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
  ["live_blocks", "live blocks", countText],
  ["internal_ratio", "internal", shareText],
  ["external_ratio", "external", shareText],
  ["overhead_ratio", "overhead", shareText],
  ["failures", "refused", countText],
];

/** Members of a list that are shown. */
const MEMBERS = 3;
/** Blocks in the table. */
const ROWS = 400;

/** What stands beside the maps. */
export class StatePanel {
  readonly root: HTMLElement = h("section", {
    class: "state",
    "aria-label": "The heap at the cursor",
  });
  readonly #app: App;
  #isOpen = false;

  constructor(app: App) {
    this.#app = app;
  }

  /** Shows the states of all lanes, and of lane `lane` the block `chosen`. */
  show(lanes: readonly LaneState[], chosen?: Chosen, lane = 0): void {
    this.root.replaceChildren(
      h(
        "div",
        { class: "words" },
        ...lanes.map((state, i) => this.#words(state, i)),
      ),
      this.#metrics(lanes),
      ...lanes.map((state, i) =>
        this.#heap(state, i, i === lane ? chosen : undefined)
      ),
    );
    for (const canvas of this.root.querySelectorAll("canvas")) {
      canvas.dispatchEvent(new Event("draw"));
    }
  }

  /** One line for each lane, for those who listen. */
  static sentence(
    lanes: readonly LaneState[],
    specs: readonly string[],
  ): string {
    return lanes.map(({ op, request, words, metrics }, i) =>
      `${specs[i]}: after operation ${op}, ${request}. ${words.join(" ")}. ` +
      `Footprint ${bytesText(metrics.footprint_bytes ?? 0)}, ` +
      `live ${bytesText(metrics.requested_bytes ?? 0)}.`
    ).join(" ");
  }

  #words(
    { op, request, words, address }: LaneState,
    lane: number,
  ): HTMLElement {
    return h(
      "div",
      {},
      h("h3", {}, this.#app.specs[lane] ?? ""),
      h(
        "p",
        { class: "request" },
        `${countText(op)}: ${request}`,
        ...(address === null ? [] : [` at ${hex(address)}`]),
      ),
      ...words.map((line) => h("p", {}, line)),
    );
  }

  #metrics(lanes: readonly LaneState[]): HTMLElement {
    const shown = METRICS.filter(([name]) =>
      lanes.some(({ metrics }) => metrics[name] !== undefined)
    );
    const two = lanes.length === 2;
    const specs = lanes.map((_, i) => this.#app.specs[i] ?? "");
    return table(
      "Metrics at the cursor",
      ["", ...specs, ...(two ? ["difference"] : [])],
      shown.map(([name, label, text]) => {
        const values = lanes.map(({ metrics }) => metrics[name]);
        const cells = values.map((value) =>
          value === undefined ? "" : text(value)
        );
        const [one, other] = values;
        const isKnown = two && one !== undefined && other !== undefined;
        return [
          label,
          ...cells,
          ...(two ? [isKnown ? text(other - one) : ""] : []),
        ];
      }),
    );
  }

  #heap(state: LaneState, lane: number, chosen?: Chosen): HTMLElement {
    const { blocks, isCut, lists } = state;
    const canvas = h("canvas", { class: "rows", "aria-hidden": "true" });
    let at: ReturnType<typeof drawRows> = () => -1;
    canvas.addEventListener("draw", () => {
      at = drawRows(canvas, blocks, chosen?.address ?? null);
    });
    canvas.addEventListener("click", (event) => {
      const block = blocks[at(event.offsetX, event.offsetY)];
      if (block) this.#app.choose(lane, block.address);
    });
    const choose = (by: number) => {
      const now = blocks.findIndex(({ address }) =>
        address === chosen?.address
      );
      const next = blocks[now < 0 ? 0 : now + by];
      if (next) this.#app.choose(lane, next.address);
    };
    const spec = this.#app.specs[lane] ?? "";
    return h(
      "details",
      { open: true },
      h("summary", {}, `Heap of ${spec}${isCut ? ", around the cursor" : ""}`),
      canvas,
      h(
        "p",
        { class: "tools" },
        button("‹ block", () => choose(-1), {
          "aria-label": "Block below",
        }),
        button("block ›", () => choose(1), { "aria-label": "Block above" }),
      ),
      ...(chosen ? [blockText(chosen)] : []),
      h("h3", {}, "Lists"),
      lists.length === 0
        ? h("p", {}, "It has none, or all are empty.")
        : scroller(
          `Lists of ${spec}`,
          table(
            `Lists of ${spec}`,
            ["list", "blocks", "bytes", "first"],
            lists.map(({ list, blocks, bytes, members, isCut }) => [
              list,
              blocks,
              bytesText(bytes),
              members.slice(0, MEMBERS).map(({ address }) => hex(address))
                .join(" ") + (members.length > MEMBERS || isCut ? " ..." : ""),
            ]),
          ),
        ),
      this.#table(blocks, spec),
    );
  }

  /** The blocks for those who cannot see the rows; made when it is opened. */
  #table(blocks: readonly BlockRow[], spec: string): HTMLElement {
    const title = `Blocks of ${spec}`;
    const details = h(
      "details",
      { open: this.#isOpen },
      h("summary", {}, "Blocks as a table"),
    );
    details.addEventListener("toggle", () => {
      this.#isOpen = details.open;
      if (!details.open || details.childElementCount > 1) return;
      const rows = blocks.slice(0, ROWS).map((block) => [
        hex(block.address),
        block.bytes,
        block.kind,
        block.id ?? "",
        block.requested ?? "",
        block.born ?? "",
      ]);
      const columns = [
        "address",
        "bytes",
        "kind",
        "object",
        "asked for",
        "born",
      ];
      details.append(scroller(title, table(title, columns, rows)));
    });
    return details;
  }
}

function blockText(
  { address, bytes, kind, usable, words }: Chosen,
): HTMLElement {
  return h(
    "div",
    { class: "chosen" },
    h(
      "p",
      {},
      `${hex(address)}: ${kind}, ${countText(bytes)} bytes` +
        (usable === undefined ? "" : `, ${countText(usable)} usable`),
    ),
    ...words.map((line) => h("p", {}, line)),
  );
}
