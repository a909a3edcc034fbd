/**
 * Moving through time: scrubber, steps, play, jumps, and what the map shows.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Axis, Blocks, Colour } from "../protocol.ts";
import type { App } from "./app.ts";
import { button, choice, h, labelled } from "./dom.ts";
import { countText } from "./ranges.ts";

/** Operations a second while it plays. */
const SPEEDS = [1, 4, 16, 64, 256, 1024, 4096, 16384];
/** How much closer a button comes. */
const CLOSER = 0.5;
const AXES = [["op", "operations"], ["bytes", "bytes requested"]] as const;
const COLOURS = [
  ["kind", "kind"],
  ["size", "size"],
  ["lifetime", "lifetime"],
  ["client", "client or thread"],
  ["site", "site"],
] as const;

const BLOCKS = [
  ["asked", "as asked for"],
  ["whole", "whole, as usable"],
] as const;

/** A bar that stays in sight, and what is needed less often. */
export class Controls {
  readonly transport: HTMLElement;
  readonly tools: HTMLElement;
  readonly #app: App;
  readonly #scrubber: HTMLInputElement;
  readonly #where: HTMLOutputElement;
  readonly #play: HTMLButtonElement;
  readonly #jump: HTMLInputElement;
  readonly #marks: HTMLSelectElement;
  readonly #axis: HTMLSelectElement;
  readonly #colour: HTMLSelectElement;
  readonly #blocks: HTMLSelectElement;
  #speed = 16;
  #timer: number | undefined;

  constructor(app: App) {
    this.#app = app;
    this.#scrubber = h("input", {
      type: "range",
      min: 0,
      max: 0,
      value: 0,
      class: "scrubber",
      "aria-label": "Operation",
      oninput: () => app.go(Number(this.#scrubber.value)),
    });
    this.#where = h("output", { "aria-live": "off" });
    this.#play = button("Play", () => this.toggle());
    this.#jump = h("input", {
      type: "text",
      size: 18,
      placeholder: "1234, 0x5555…, #7",
      "aria-label": "Operation, address from 0x on, or # and an object",
    });
    this.#marks = choice([["", "phases"]], "", (op) => {
      if (op !== "") app.go(Number(op));
    }, { "aria-label": "End of a phase" });
    const peak = (what: "footprint" | "live") => () => app.find({ peak: what });
    this.#axis = choice(AXES, "op", (axis) => app.setAxis(axis as Axis));
    this.#colour = choice(
      COLOURS,
      "kind",
      (colour) => app.setColour(colour as Colour),
    );
    this.#blocks = choice(
      BLOCKS,
      "asked",
      (blocks) => app.setBlocks(blocks as Blocks),
    );
    this.transport = h(
      "section",
      { class: "transport", "aria-label": "Time", hidden: true },
      button("‹", () => app.go(app.op - 1), { "aria-label": "Step back" }),
      this.#play,
      button("›", () => app.go(app.op + 1), { "aria-label": "Step forth" }),
      this.#scrubber,
      this.#where,
      choice(
        SPEEDS.map((n) => [`${n}`, `${countText(n)}/s`] as const),
        `${this.#speed}`,
        (n) => this.#speed = Number(n),
        { "aria-label": "Operations a second while it plays" },
      ),
    );
    this.tools = h(
      "div",
      { class: "tools" },
      h(
        "form",
        {
          onsubmit: (event: Event) => {
            event.preventDefault();
            this.#jumpTo(this.#jump.value.trim());
          },
        },
        this.#jump,
        h("button", {}, "Jump"),
      ),
      button("Peak footprint", peak("footprint")),
      button("Peak live", peak("live")),
      button("Smallest block in view", () => app.findSmallest()),
      this.#marks,
      labelled("x axis", this.#axis),
      labelled("colour by", this.#colour),
      labelled("blocks", this.#blocks),
      button("Closer", () => app.zoom(CLOSER)),
      button("Farther", () => app.zoom(1 / CLOSER)),
      button("Show all", () => app.showAll()),
    );
  }

  /** A new trace. */
  reset(marks: readonly { op: number; name: string }[]): void {
    this.stop();
    this.#scrubber.max = `${this.#app.time.operations}`;
    this.#marks.replaceChildren(
      h("option", { value: "" }, "phases"),
      ...marks.map(({ op, name }) => h("option", { value: `${op}` }, name)),
    );
    this.#marks.hidden = marks.length === 0;
  }

  /** Shows where the cursor is and what was chosen elsewhere. */
  update(): void {
    const { op, time: { operations, unit }, colour, blocks } = this.#app;
    this.#scrubber.value = `${op}`;
    this.#scrubber.setAttribute("aria-valuetext", `operation ${op}`);
    this.#where.value = `${countText(op)} of ${countText(operations)}`;
    this.#axis.value = unit;
    this.#colour.value = colour;
    this.#blocks.value = blocks;
  }

  /** Plays, or stops. */
  toggle(): void {
    if (this.#timer !== undefined) return this.stop();
    if (this.#app.op >= this.#app.time.operations) this.#app.go(0);
    this.#play.textContent = "Pause";
    let last = performance.now();
    let rest = 0;
    this.#timer = setInterval(() => {
      const now = performance.now();
      rest += (now - last) / 1000 * this.#speed;
      last = now;
      if (rest < 1 || this.#app.isBusy) return;
      this.#app.go(this.#app.op + Math.floor(rest));
      rest %= 1;
      if (this.#app.op >= this.#app.time.operations) this.stop();
    }, 50) as unknown as number;
  }

  /** Stops playing. */
  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#play.textContent = "Play";
  }

  #jumpTo(text: string): void {
    if (/^\d+$/.test(text)) {
      this.#app.say("");
      return this.#app.go(Number(text));
    }
    if (/^0x[\da-f_]+$/i.test(text)) {
      return void this.#app.find({ address: Number(text.replaceAll("_", "")) });
    }
    if (/^#\d+$/.test(text)) return void this.#app.find({ id: text.slice(1) });
    this.#app.say(
      `Jump expects an operation (1234), an address (0x5555...) or an object (#7), not "${text}"`,
    );
  }
}
