/**
 * The metrics over time, under the maps and along the same axis.
 *
 * @module
 */
/// <reference lib="dom" />
import type { App } from "./app.ts";
import { h } from "./dom.ts";
import type { LaneFacts } from "./lane_view.ts";
import {
  bytesText,
  countText,
  type Range,
  shareText,
  ticks,
} from "./ranges.ts";

const HEIGHT = 110;

/** A curve: name in the samples, name for people, colour. */
type Curve = readonly [name: string, label: string, colour: string];

/** Colours are those of CSS variables: light and dark. */
const PLOTS: readonly {
  title: string;
  curves: readonly Curve[];
  text(value: number): string;
}[] = [{
  title: "Bytes",
  curves: [
    ["footprint_bytes", "footprint", "--c1"],
    ["resident_bytes", "resident", "--c2"],
    ["requested_bytes", "requested", "--c3"],
  ],
  text: bytesText,
}, {
  title: "Shares",
  curves: [
    ["internal_ratio", "internal", "--c1"],
    ["external_ratio", "external", "--c2"],
    ["overhead_ratio", "overhead", "--c3"],
  ],
  text: shareText,
}];

/** Both plots. */
export class Strip {
  readonly root: HTMLElement;
  readonly #app: App;
  readonly #canvases: HTMLCanvasElement[];
  readonly #axis: HTMLElement;

  constructor(app: App) {
    this.#app = app;
    this.#canvases = PLOTS.map(() => h("canvas", { "aria-hidden": "true" }));
    this.#axis = h("div", { class: "axis", "aria-hidden": "true" });
    this.root = h(
      "section",
      { class: "strip", "aria-label": "Metrics over time" },
      ...PLOTS.map(({ title, curves }, i) =>
        h(
          "figure",
          {},
          h(
            "figcaption",
            {},
            h("b", {}, title),
            ...curves.map(([, label, colour]) =>
              h(
                "span",
                {},
                h("i", { style: `background: var(${colour})` }),
                label,
              )
            ),
          ),
          this.#canvases[i]!,
        )
      ),
      this.#axis,
    );
  }

  /** Draws the part of the axis that the maps show. */
  draw(lanes: readonly LaneFacts[]): void {
    const { cursorX, time: { x, unit } } = this.#app;
    PLOTS.forEach((plot, i) => this.#plot(i, plot, lanes));
    const at = (value: number) => 100 * (value - x.from) / (x.to - x.from);
    this.#axis.replaceChildren(
      ...ticks(x, Math.max(2, this.#axis.clientWidth / 120)).map((tick) =>
        h(
          "span",
          { style: `left: ${at(tick)}%` },
          unit === "op" ? countText(tick) : bytesText(tick),
        )
      ),
      ...(cursorX >= x.from && cursorX <= x.to
        ? [h("b", { style: `left: ${at(cursorX)}%` }, "▲")]
        : []),
    );
  }

  #plot(
    i: number,
    { curves, text }: typeof PLOTS[number],
    lanes: readonly LaneFacts[],
  ): void {
    const canvas = this.#canvases[i]!;
    const scale = globalThis.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    const style = getComputedStyle(this.root);
    const { x, unit } = this.#app.time;
    const drawn = lanes.flatMap((lane, number) => {
      const clock = lane.series.find(({ name }) => name === "clock_bytes");
      return curves.flatMap(([name, , colour]) => {
        const series = lane.series.find((one) => one.name === name);
        if (!series) return [];
        const xs = unit === "op" || !clock ? series.x : clock.y;
        return [{ xs, ys: series.y, colour, number }];
      });
    });
    const top = Math.max(
      1e-9,
      ...drawn.map(({ xs, ys }) => highest(xs, ys, x)),
    );
    const px = (value: number) => (value - x.from) / (x.to - x.from) * width;
    const py = (value: number) => HEIGHT - 2 - value / top * (HEIGHT - 18);
    context.lineWidth = 1.5;
    for (const { xs, ys, colour, number } of drawn) {
      context.strokeStyle = style.getPropertyValue(colour);
      context.setLineDash(number === 0 ? [] : [5, 3]);
      context.beginPath();
      for (let k = 0; k < xs.length; k++) {
        if (xs[k + 1]! < x.from || xs[k - 1]! > x.to) continue;
        context.lineTo(px(xs[k]!), py(ys[k]!));
      }
      context.stroke();
    }
    context.setLineDash([]);
    context.fillStyle = context.strokeStyle = style.getPropertyValue("--ink");
    context.font = "11px system-ui, sans-serif";
    context.fillText(text(top), 4, 11);
    const cursor = px(this.#app.cursorX);
    context.globalAlpha = 0.6;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(cursor, 0);
    context.lineTo(cursor, HEIGHT);
    context.stroke();
  }
}

function highest(
  xs: Float64Array,
  ys: Float64Array,
  { from, to }: Range,
): number {
  let most = 0;
  for (let k = 0; k < xs.length; k++) {
    if (xs[k + 1]! < from || xs[k - 1]! > to) continue;
    most = Math.max(most, ys[k]!);
  }
  return most;
}
