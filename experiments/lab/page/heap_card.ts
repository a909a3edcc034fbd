/**
 * The heap of one allocator at the cursor: the operation in words, the blocks
 * as rows of bytes, the block that was chosen, and the allocator's own lists.
 *
 * Its elements stay the same from one instant to the next, so that the keyboard
 * stays where it is and what was closed stays closed.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer, LaneState, ListRow } from "../protocol.ts";
import type { App } from "./app.ts";
import { button, h, scroller, Table, table, write } from "./dom.ts";
import { kindText } from "./legend.ts";
import { bytesText, countText, hex } from "./ranges.ts";
import { drawRows } from "./rows.ts";
import { PageblockMap, SlabList } from "./slots.ts";

/** The block that somebody chose. */
export type Chosen = (Answer & { kind: "block" })["block"];

/** Members of a list, and blocks of the table, that are shown. */
const MEMBERS = 3;
const MOST_BLOCKS = 400;

/** What is shown of one lane. */
export class HeapCard {
  readonly root: HTMLElement;
  /** The operation at the cursor and what was done about it. */
  readonly words: HTMLElement = h("div", { class: "words" });
  readonly #app: App;
  readonly #lane: number;
  readonly #spec: string;
  readonly #canvas = h("canvas", { class: "rows", "aria-hidden": "true" });
  readonly #note = h("p", { class: "hint" });
  readonly #chosen = h("div", { class: "chosen", hidden: true });
  readonly #lists: Table;
  readonly #none = h("p", {}, "It keeps no lists, or all are empty.");
  readonly #slabs: SlabList;
  readonly #pageblocks: PageblockMap;
  readonly #blocks = h("div");
  readonly #table: HTMLDetailsElement;
  #state: LaneState | undefined;
  #address: number | null = null;
  #at: ReturnType<typeof drawRows> = () => -1;

  constructor(app: App, lane: number, spec: string) {
    this.#app = app;
    this.#lane = lane;
    this.#spec = spec;
    this.#canvas.addEventListener("click", (event) => {
      const index = this.#at(event.offsetX, event.offsetY);
      const block = this.#state?.blocks[index];
      if (block) app.choose(lane, block.address);
    });
    this.#lists = new Table(
      `Lists of ${spec}`,
      ["list", "blocks", "bytes", "first"],
    );
    this.#slabs = new SlabList(spec);
    this.#pageblocks = new PageblockMap(spec);
    this.#table = h(
      "details",
      { ontoggle: () => this.#tabulate() },
      h("summary", {}, "Blocks as a table"),
      scroller(`Blocks of ${spec}`, this.#blocks),
    );
    this.root = h(
      "section",
      { class: "card", "aria-label": `Heap of ${spec}` },
      h("h3", {}, spec),
      this.words,
      this.#canvas,
      this.#note,
      h(
        "p",
        { class: "tools" },
        button("‹ block", () => this.#step(-1), {
          "aria-label": `Block below, in ${spec}`,
        }),
        button("block ›", () => this.#step(1), {
          "aria-label": `Block above, in ${spec}`,
        }),
      ),
      this.#chosen,
      h(
        "details",
        { open: true, class: "lists" },
        h("summary", {}, "Lists of free blocks"),
        this.#none,
        scroller(`Lists of ${spec}`, this.#lists.root),
      ),
      this.#slabs.root,
      this.#pageblocks.root,
      this.#table,
    );
  }

  /** Is about another instant from now on; no block is chosen then. */
  set(state: LaneState): void {
    this.#state = state;
    this.#address = null;
  }

  /** Writes what was asked and answered. */
  write(): void {
    if (!this.#state) return;
    this.#chosen.hidden = true;
    const { op, request, words, address, isCut } = this.#state;
    this.words.replaceChildren(
      h(
        "p",
        { class: "request" },
        `${countText(op)}: ${request}`,
        ...(address === null ? [] : [` at ${hex(address)}`]),
      ),
      ...words.map((line) => h("p", {}, line)),
    );
    write(
      this.#note,
      isCut ? "Only the blocks around the cursor's are shown." : "",
    );
  }

  /** Writes the allocator's own lists. */
  writeLists(): void {
    if (!this.#state) return;
    const { lists } = this.#state;
    this.#none.hidden = lists.length > 0;
    this.#lists.root.hidden = lists.length === 0;
    this.#lists.show(lists.map(cellsOf));
    this.#slabs.show(this.#state);
    this.#pageblocks.show(this.#state);
    this.#tabulate();
  }

  /** Shows the life of a block. */
  choose(block: Chosen): void {
    this.#address = block.address;
    this.#chosen.hidden = false;
    this.#chosen.replaceChildren(
      ...linesOf(block).map((line) => h("p", {}, line)),
    );
    this.draw();
  }

  /** Draws the rows in the room that there is. */
  draw(): void {
    if (!this.#state) return;
    const { blocks, address } = this.#state;
    const marked = { served: address, chosen: this.#address };
    this.#at = drawRows(this.#canvas, blocks, marked);
  }

  /** Chooses the block above or below the chosen one, or that of the cursor. */
  #step(by: number): void {
    const { blocks = [], address } = this.#state ?? {};
    const from = this.#address ?? address;
    const now = blocks.findIndex((block) => block.address === from);
    const next = blocks[this.#address === null ? Math.max(0, now) : now + by];
    if (next) this.#app.choose(this.#lane, next.address);
  }

  #tabulate(): void {
    if (!this.#table.open || !this.#state) return;
    const { blocks } = this.#state;
    this.#blocks.replaceChildren(table(
      `Blocks of ${this.#spec}`,
      ["address", "bytes", "kind", "object", "asked for", "born"],
      blocks.slice(0, MOST_BLOCKS).map((
        { address, bytes, kind, id, requested, born },
      ) => [
        hex(address),
        bytes,
        kindText(kind),
        id === undefined ? "" : `#${id}`,
        requested ?? "",
        born ?? "",
      ]),
    ));
  }
}

/** What is known of a block, in lines. */
export function linesOf(
  { address, bytes, kind, usable, words }: Chosen,
): string[] {
  const room = usable === undefined ? "" : `, ${countText(usable)} usable`;
  const isLive = kind === "live"; // of others the words say the length again
  return [
    `${hex(address)}: ${kindText(kind)}, ${countText(bytes)} bytes${room}`,
    ...(isLive ? words : []),
  ];
}

/** A row of the table of lists. */
function cellsOf({ list, blocks, bytes, most, members, isCut }: ListRow) {
  const first = members.slice(0, MEMBERS).map(({ address }) =>
    address.toString(16).slice(-6)
  );
  if (members.length > MEMBERS || isCut) first.push("…");
  const count = most === undefined
    ? blocks
    : `${countText(blocks)} of ${countText(most)}`;
  return [list, count, bytesText(bytes), first.join(" ")];
}
