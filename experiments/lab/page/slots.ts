/**
 * Slabs with their slots, and pageblocks: rows of small cells, each with a sign
 * and a colour.
 *
 * @module
 */
/// <reference lib="dom" />
import { Slot } from "../../../allocators/slab_view.ts";
import type { LaneState, SlabRow } from "../protocol.ts";
import { h, scroller, write } from "./dom.ts";
import { bytesText, countText, hex } from "./ranges.ts";

/** What a sign means, and the class of its cells. */
const SIGNS: Readonly<Record<string, readonly [word: string, css: string]>> = {
  [Slot.LIVE]: ["live", "live"],
  [Slot.CACHED]: ["cached", "cached"],
  [Slot.FREE]: ["free", "free"],
  [Slot.WAITING]: ["freed, not yet available", "free"],
  [Slot.NESTED]: ["holding another group", "meta"],
  U: ["unmovable", "type2"],
  M: ["movable", "type1"],
  R: ["reclaimable", "type3"],
  H: ["high-order atomic", "type4"],
  C: ["lent by a device (CMA)", "foreign"],
};

/** Pageblocks that are drawn. */
const MOST = 4096;

/** How many of each sign there are: `3 live, 29 free`. */
export function countsText(signs: string): string {
  const counts = new Map<string, number>();
  for (const sign of signs) counts.set(sign, (counts.get(sign) ?? 0) + 1);
  return Object.keys(SIGNS).filter((sign) => counts.has(sign))
    .map((sign) => `${countText(counts.get(sign)!)} ${SIGNS[sign]![0]}`)
    .join(", ");
}

/** What the pieces are called: `Slabs and extents`. */
export function slabsTitle(slabs: readonly SlabRow[]): string {
  const kinds = [...new Set(slabs.map(({ kind }) => `${kind}s`))].sort();
  const last = kinds.pop() ?? "slabs";
  const title = kinds.length > 0 ? `${kinds.join(", ")} and ${last}` : last;
  return title[0]!.toUpperCase() + title.slice(1);
}

/** A part of a card that some heaps have; nothing is drawn while it is closed. */
abstract class Part {
  readonly root: HTMLDetailsElement;
  protected state: LaneState | undefined;
  readonly #summary: HTMLElement;
  readonly #scroll: HTMLElement;
  readonly #spec: string;

  constructor(title: string, spec: string, ...children: HTMLElement[]) {
    this.#spec = spec;
    this.#summary = h("summary", {}, title);
    this.#scroll = scroller(`${title} of ${spec}`, h("div", {}, ...children));
    this.root = h(
      "details",
      { open: true, hidden: true, ontoggle: () => this.#drawIfOpen() },
      this.#summary,
      this.#scroll,
    );
  }

  /** Shows another instant. */
  show(state: LaneState): void {
    this.state = state;
    const title = this.title(state);
    this.root.hidden = title === undefined;
    if (title === undefined) return;
    write(this.#summary, title);
    this.#scroll.setAttribute("aria-label", `${title} of ${this.#spec}`);
    this.#drawIfOpen();
  }

  #drawIfOpen(): void {
    if (this.root.open && this.state) this.draw(this.state);
  }

  /** Its title; undefined if there is nothing to show. */
  protected abstract title(state: LaneState): string | undefined;
  protected abstract draw(state: LaneState): void;
}

/** Every slab: what it is, where it is kept, what its slots are. */
export class SlabList extends Part {
  readonly #note: HTMLElement;
  readonly #key: Key;
  readonly #list: HTMLElement;
  // What the items of the list show.
  #shown: string[] = [];

  constructor(spec: string) {
    const note = h("p", { class: "hint" });
    const key = new Key();
    const list = h("ul", { class: "slabs" });
    super("Slabs", spec, note, key.root, list);
    this.#note = note;
    this.#key = key;
    this.#list = list;
  }

  protected title({ slabs }: LaneState): string | undefined {
    return slabs.length > 0 ? slabsTitle(slabs) : undefined;
  }

  protected draw({ slabs, slabCount, address: served }: LaneState): void {
    const [few, all] = [slabs.length, countText(slabCount)];
    write(
      this.#note,
      few < slabCount ? `${few} of ${all}, from the cursor's on.` : "",
    );
    this.#key.show(slabs.map(({ slots }) => slots).join(""));
    const before = this.#shown;
    this.#shown = slabs.map((slab, i) => {
      const { kind, bytes, address, place, slots } = slab;
      const of = slab.of || `${kind} of ${bytesText(bytes)}`;
      const line = `${of} at ${hex(address)}, ${place}: `;
      const isServed = served !== null && address <= served &&
        served < address + bytes;
      const shown = `${isServed}${line}${slots}`;
      if (shown === before[i]) return shown;
      const words = `${line.slice(of.length)}${countsText(slots)}`;
      const css = isServed ? "served" : "";
      const item = h("li", { class: css }, h("b", {}, of), words, cells(slots));
      const old = this.#list.children[i];
      if (old) old.replaceWith(item);
      else this.#list.append(item);
      return shown;
    });
    while (this.#list.children.length > slabs.length) {
      this.#list.lastChild!.remove();
    }
  }
}

/** The migratetype of every pageblock. */
export class PageblockMap extends Part {
  readonly #counts: HTMLElement;
  readonly #key: Key;
  readonly #cells: HTMLElement;
  #shown = "";

  constructor(spec: string) {
    const counts = h("p");
    const key = new Key();
    const place = h("div");
    super("Pageblocks by migratetype", spec, counts, key.root, place);
    this.#counts = counts;
    this.#key = key;
    this.#cells = place;
  }

  protected title({ pageblocks }: LaneState): string | undefined {
    return pageblocks ? "Pageblocks by migratetype" : undefined;
  }

  protected draw({ pageblocks }: LaneState): void {
    if (pageblocks === this.#shown) return;
    this.#shown = pageblocks;
    const isCut = pageblocks.length > MOST;
    const first = isCut ? `; the first ${countText(MOST)} are drawn` : "";
    write(this.#counts, countsText(pageblocks) + first);
    this.#key.show(pageblocks);
    this.#cells.replaceChildren(cells(pageblocks.slice(0, MOST)));
  }
}

/** A cell for each sign; who listens has heard their numbers. */
function cells(signs: string): HTMLElement {
  const runs = signs.match(/(.)\1*/g) ?? [];
  return h(
    "div",
    { class: "cells", "aria-hidden": "true" },
    ...runs.map((run) => h("span", { class: SIGNS[run[0]!]![1] }, run)),
  );
}

/** What those signs mean that occur. */
class Key {
  readonly root = h("ul", { class: "legend", "aria-hidden": "true" });
  #signs = "";

  show(text: string): void {
    const signs = Object.keys(SIGNS).filter((sign) => text.includes(sign));
    if (signs.join("") === this.#signs) return;
    this.#signs = signs.join("");
    this.root.replaceChildren(...signs.map((sign) => {
      const [word, css] = SIGNS[sign]!;
      const cell = h("span", { class: css }, sign);
      return h("li", {}, h("span", { class: "cells" }, cell), ` ${word}`);
    }));
  }
}
