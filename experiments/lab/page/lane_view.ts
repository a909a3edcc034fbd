/**
 * The map of a lane: time from left to right, addresses upward.
 *
 * While it is moved the old picture is shifted and stretched, until the exact
 * one has come. One picture at a time is asked for, always of what is to be
 * shown by then.
 *
 * @module
 */
/// <reference lib="dom" />
import { addressAt } from "../folds.ts";
import type { Answer, Fold, View } from "../protocol.ts";
import type { App } from "./app.ts";
import { h } from "./dom.ts";
import { bytesText, hex, moved, type Range, within, zoomed } from "./ranges.ts";

/** Bytes of the least height, and operations of the least width, that are shown. */
const LEAST_Y = 256;
const LEAST_X = 8;
/** How much closer a step of the wheel or a key comes. */
const CLOSER = 0.8;
/** Pixels that a mouse tells of a step of its wheel; a touch pad tells of less. */
const NOTCH = 100;
/** A part of the heap so small, and how much more than it is shown at first. */
const SMALL = 4;
const ROOM = 1.25;
/** Pixels that a pointer may move and still click. */
const STILL = 4;

/** What a lane says of itself when it is ready. */
export type LaneFacts = (Answer & { kind: "ready" })["lanes"][number];

/** The picture of one lane. */
export class LaneView {
  readonly root: HTMLElement;
  readonly canvas: HTMLCanvasElement;
  /** Part of the folded addresses that is shown. */
  y: Range;
  readonly facts: LaneFacts;
  readonly #app: App;
  readonly #number: number;
  readonly #surface: HTMLElement;
  readonly #cursor: HTMLElement;
  readonly #labels: HTMLElement;
  readonly #pages: HTMLCanvasElement;
  /** What the picture shows; undefined before there is one. */
  #drawn: View | undefined;
  #isAsked = false;
  #isStale = false;
  #isPaging = false;
  #isPagingStale = false;

  constructor(app: App, number: number, facts: LaneFacts) {
    this.#app = app;
    this.#number = number;
    this.facts = facts;
    this.y = this.opening;
    this.canvas = h("canvas", { "aria-hidden": "true" });
    this.#pages = h("canvas", { "aria-hidden": "true", class: "pages" });
    this.#cursor = h("div", { class: "cursor", "aria-hidden": "true" });
    this.#labels = h("div", { class: "labels", "aria-hidden": "true" });
    this.#surface = h(
      "div",
      {
        class: "map",
        tabindex: 0,
        role: "application",
        "aria-label":
          `Map of the heap of ${facts.spec}: operations from left ` +
          "to right, addresses upward",
        "aria-describedby": "keys",
        onkeydown: (event: KeyboardEvent) => this.#key(event),
        onwheel: (event: WheelEvent) => this.#wheel(event),
        onpointerdown: (event: PointerEvent) => this.#grab(event),
      },
      this.canvas,
      this.#cursor,
      this.#labels,
    );
    const failure = facts.failure
      ? [h("p", { class: "failure" }, `Ended early: ${facts.failure}`)]
      : [];
    this.root = h(
      "section",
      { class: "lane", "aria-label": facts.spec },
      h(
        "div",
        { class: "title" },
        h("h2", {}, facts.spec),
        h("span", { class: "hint" }, "address against time; beside: resident"),
      ),
      ...failure,
      h("div", { class: "plot" }, this.#surface, this.#pages),
    );
  }

  /** What is to be shown. */
  get view(): View {
    const { from, to } = this.#app.time.x;
    return { x0: from, x1: to, y0: this.y.from, y1: this.y.to };
  }

  /** Whether the picture is that of the view. */
  get isExact(): boolean {
    return !this.#isAsked && !this.#isStale && this.#drawn !== undefined;
  }

  /**
   * The addresses that are shown first: all, unless blocks lie in so small a
   * part of them that nobody would see them.
   */
  get opening(): Range {
    const { height, used: { from, to } } = this.facts;
    const room = (to - from) * (ROOM - 1) / 2;
    if (to - from >= height / SMALL) return { from: 0, to: height };
    return {
      from: Math.max(0, from - room),
      to: Math.min(height, to + (from > room ? room : 2 * room)),
    };
  }

  /** Rows of pixels: as many as there is room for, so that none is left out. */
  get #height(): number {
    return Math.max(1, this.#surface.clientHeight);
  }

  /** Shows another part of the addresses. */
  show(y: Range): void {
    const all = { from: 0, to: this.facts.height };
    this.y = within(y, all, Math.min(LEAST_Y, all.to));
    this.refresh();
  }

  /** Shifts the picture to the view, and asks for the exact one. */
  refresh(): void {
    this.#place();
    if (this.#isAsked) this.#isStale = true;
    else this.#draw();
  }

  /** Comes closer in addresses, or goes away; the middle stays. */
  zoomY(factor: number): void {
    this.show(zoomed(this.y, factor, (this.y.from + this.y.to) / 2));
  }

  /** Puts the cursor where it is: as wide as an operation, if that can be seen. */
  moveCursor(): void {
    const { cursorX, op, time } = this.#app;
    const { from, to } = time.x;
    const share = (cursorX - from) / (to - from);
    const width = (time.at(op + 1) - cursorX) / (to - from);
    this.#cursor.style.transform = `translateX(${100 * share}%)`;
    this.#cursor.style.backgroundSize = `${100 * Math.max(0, width)}% 100%`;
    this.#cursor.hidden = share < 0 || share > 1;
  }

  /** Asks which pages are resident at the cursor, and shows them. */
  async showPages(): Promise<void> {
    if (this.#isPaging) {
      this.#isPagingStale = true;
      return;
    }
    this.#isPaging = true;
    this.#isPagingStale = false;
    const height = this.#height;
    const answer = await this.#app.client.ask({
      kind: "pages",
      lane: this.#number,
      view: this.view,
      width: 1,
      height,
      dark: this.#app.dark,
      op: this.#app.op,
    });
    this.#isPaging = false;
    if (this.#isPagingStale) return void this.showPages();
    if (answer.kind !== "drawn") return;
    // The lowest address comes first.
    const pixels = new Uint8ClampedArray(4 * height);
    const found = new Uint8ClampedArray(answer.pixels);
    for (let y = 0; y < height; y++) {
      pixels.set(found.subarray(4 * y, 4 * y + 4), 4 * (height - 1 - y));
    }
    put(this.#pages, pixels, 1);
  }

  async #draw(): Promise<void> {
    const width = Math.max(1, Math.min(2000, this.#surface.clientWidth));
    this.#isAsked = true;
    this.#isStale = false;
    const { colour, blocks, dark, client, time } = this.#app;
    const answer = await client.ask({
      kind: "draw",
      lane: this.#number,
      view: this.view,
      axis: time.unit,
      colour,
      blocks,
      width,
      height: this.#height,
      dark,
    });
    this.#isAsked = false;
    if (answer.kind !== "drawn") return;
    put(this.canvas, new Uint8ClampedArray(answer.pixels), width);
    this.#drawn = answer.view;
    this.#place();
    if (this.#isStale) return void this.#draw();
    this.showPages();
    this.#app.drawn();
  }

  /** Where the picture that is there belongs in the view, and the labels. */
  #place(): void {
    const { x0, x1, y0, y1 } = this.view;
    if (this.#drawn) {
      const old = this.#drawn;
      const width = (old.x1 - old.x0) / (x1 - x0);
      const height = (old.y1 - old.y0) / (y1 - y0);
      const left = (old.x0 - x0) / (x1 - x0);
      const top = (y1 - old.y1) / (y1 - y0);
      this.canvas.style.transform = `translate(${100 * left}%, ${
        100 * top
      }%) scale(${width}, ${height})`;
    }
    const { folds } = this.facts;
    this.#labels.replaceChildren(
      h("span", { class: "top" }, placeText(folds, y1)),
      ...folds.slice(1).filter(({ y }) => y > y0 && y < y1).slice(0, 20).map(
        ({ y, address }) =>
          h("span", {
            class: "fold",
            style: `bottom: ${100 * (y - y0) / (y1 - y0)}%`,
            title: "Addresses below are left out",
          }, hex(address)),
      ),
      h("span", { class: "bottom" }, placeText(folds, y0)),
      h("span", { class: "height" }, bytesText(y1 - y0)),
    );
  }

  #key(event: KeyboardEvent): void {
    const { cursorX, time: { x } } = this.#app;
    const middle = (this.y.from + this.y.to) / 2;
    const acts: Record<string, () => void> = {
      ArrowLeft: () => this.#app.go(this.#app.op - 1),
      ArrowRight: () => this.#app.go(this.#app.op + 1),
      ArrowUp: () => this.show(moved(this.y, 0.1)),
      ArrowDown: () => this.show(moved(this.y, -0.1)),
      "+": () => this.#app.setX(zoomed(x, CLOSER, cursorX), LEAST_X),
      "-": () => this.#app.setX(zoomed(x, 1 / CLOSER, cursorX), LEAST_X),
      PageUp: () => this.show(zoomed(this.y, CLOSER, middle)),
      PageDown: () => this.show(zoomed(this.y, 1 / CLOSER, middle)),
      Home: () => this.#app.go(0),
      End: () => this.#app.go(this.#app.time.operations),
      Escape: () => this.#app.showAll(),
    };
    if (event.shiftKey) {
      const far = Math.max(1, Math.round((x.to - x.from) / 50));
      acts.ArrowLeft = () => this.#app.go(this.#app.op - far);
      acts.ArrowRight = () => this.#app.go(this.#app.op + far);
    }
    acts["="] = acts["+"]!;
    const act = acts[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  }

  #wheel(event: WheelEvent): void {
    event.preventDefault();
    const box = this.#surface.getBoundingClientRect();
    const turned = (event.deltaY || event.deltaX) / NOTCH;
    const factor = CLOSER ** -Math.max(-1, Math.min(1, turned));
    if (event.shiftKey) {
      const share = (box.bottom - event.clientY) / box.height;
      const at = this.y.from + share * (this.y.to - this.y.from);
      return this.show(zoomed(this.y, factor, at));
    }
    const { x } = this.#app.time;
    const share = (event.clientX - box.left) / box.width;
    this.#app.setX(
      zoomed(x, factor, x.from + share * (x.to - x.from)),
      LEAST_X,
    );
  }

  #grab(event: PointerEvent): void {
    const surface = this.#surface;
    const { width, height, left, bottom } = surface.getBoundingClientRect();
    surface.setPointerCapture(event.pointerId);
    const x = { ...this.#app.time.x };
    const y = { ...this.y };
    let isDragged = false;
    const move = (to: PointerEvent) => {
      const [dx, dy] = [to.clientX - event.clientX, to.clientY - event.clientY];
      if (!isDragged && Math.hypot(dx, dy) < STILL) return;
      isDragged = true;
      this.#app.setX(moved(x, -dx / width), LEAST_X);
      this.show(moved(y, dy / height));
    };
    const end = (to: PointerEvent) => {
      surface.removeEventListener("pointermove", move);
      surface.removeEventListener("pointerup", end);
      surface.removeEventListener("pointercancel", end);
      if (isDragged || to.type === "pointercancel") return;
      const at = x.from + (to.clientX - left) / width * (x.to - x.from);
      const height_ = y.from + (bottom - to.clientY) / height * (y.to - y.from);
      this.#app.pick(this.#number, at, addressAt(this.facts.folds, height_));
    };
    surface.addEventListener("pointermove", move);
    surface.addEventListener("pointerup", end);
    surface.addEventListener("pointercancel", end);
  }
}

function placeText(folds: readonly Fold[], y: number): string {
  return hex(Math.round(addressAt(folds, y)));
}

function put(
  canvas: HTMLCanvasElement,
  pixels: Uint8ClampedArray<ArrayBuffer>,
  width: number,
): void {
  canvas.width = width;
  canvas.height = pixels.length / 4 / width;
  canvas.getContext("2d")!.putImageData(new ImageData(pixels, width), 0, 0);
}
