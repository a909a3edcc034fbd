/**
 * The metrics over time, under the maps and along the same axis.
 *
 * @module
 */
/// <reference lib="dom" />
import type { App } from "./app.ts";
import {
  curvesOf,
  highest,
  type Plot,
  PLOTS,
  PLOTS_OF_MANY,
} from "./curves.ts";
import { h } from "./dom.ts";
import type { LaneFacts } from "./lane_view.ts";
import { bytesText, countText, ticks } from "./ranges.ts";

const HEIGHT = 110;
/** Pixels from one number of the axis to the next. */
const TICK = 120;
/** Lanes up to which a plot has several metrics of each. */
const FEW = 2;

/** The plots. */
export class Strip {
  readonly root: HTMLElement;
  readonly #app: App;
  readonly #axis = h("div", { class: "axis", "aria-hidden": "true" });
  readonly #mark = h("b", {}, "▲");
  readonly #ticks = h("div");
  #plots: { plot: Plot; canvas: HTMLCanvasElement; cursor: HTMLElement }[] = [];

  constructor(app: App) {
    this.#app = app;
    this.#axis.append(this.#ticks, this.#mark);
    this.root = h("section", {
      class: "strip",
      "aria-label": "Metrics over time",
    });
  }

  /** Plots for `lanes`. */
  reset(lanes: readonly LaneFacts[]): void {
    this.#plots = (lanes.length > FEW ? PLOTS_OF_MANY : PLOTS).map((plot) => ({
      plot,
      canvas: h("canvas", {
        "aria-hidden": "true",
        onpointerdown: (event: PointerEvent) => this.#scrub(event),
        onpointermove: (event: PointerEvent) =>
          event.buttons === 1 && this.#scrub(event),
      }),
      cursor: h("div", { class: "cursor", "aria-hidden": "true" }),
    }));
    this.root.replaceChildren(
      ...this.#plots.map(({ plot, canvas, cursor }) =>
        h(
          "figure",
          {},
          caption(plot, lanes),
          h("div", { class: "curves" }, canvas, cursor),
        )
      ),
      this.#axis,
    );
  }

  /** Draws the part of the axis that the maps show. */
  draw(lanes: readonly LaneFacts[]): void {
    const { x, unit } = this.#app.time;
    for (const { plot, canvas } of this.#plots) this.#draw(canvas, plot, lanes);
    const at = (value: number) => 100 * (value - x.from) / (x.to - x.from);
    this.#ticks.replaceChildren(
      ...ticks(x, Math.max(2, this.#axis.clientWidth / TICK), 1).map((
        tick,
        i,
      ) =>
        h(
          "span",
          { style: `left: ${at(tick)}%; translate: ${-at(tick)}%` },
          unit === "op" ? countText(tick) : bytesText(tick),
          i > 0 ? "" : unit === "op" ? " operations" : " requested",
        )
      ),
    );
    this.moveCursor();
  }

  /** Puts the cursor where it is. */
  moveCursor(): void {
    const { cursorX, time: { x } } = this.#app;
    const share = (cursorX - x.from) / (x.to - x.from);
    const isSeen = share >= 0 && share <= 1;
    for (const { cursor } of this.#plots) {
      cursor.style.transform = `translateX(${100 * share}%)`;
      cursor.hidden = !isSeen;
    }
    this.#mark.style.left = `${100 * share}%`;
    this.#mark.hidden = !isSeen;
  }

  /** The cursor goes where the pointer is. */
  #scrub(event: PointerEvent): void {
    const { x } = this.#app.time;
    const canvas = event.currentTarget as HTMLCanvasElement;
    const share = event.offsetX / canvas.clientWidth;
    this.#app.go(this.#app.time.opAt(x.from + share * (x.to - x.from)));
  }

  #draw(
    canvas: HTMLCanvasElement,
    plot: Plot,
    lanes: readonly LaneFacts[],
  ): void {
    const scale = globalThis.devicePixelRatio || 1;
    const width = canvas.clientWidth;
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(HEIGHT * scale);
    const context = canvas.getContext("2d")!;
    context.scale(scale, scale);
    const style = getComputedStyle(this.root);
    const { x, unit } = this.#app.time;
    const curves = curvesOf(plot, lanes, unit);
    const top = Math.max(1e-9, ...curves.map((curve) => highest(curve, x)));
    const px = (value: number) => (value - x.from) / (x.to - x.from) * width;
    const py = (value: number) => HEIGHT - 2 - value / top * (HEIGHT - 18);
    context.lineWidth = 1.5;
    for (const { xs, ys, colour, dash } of curves) {
      context.strokeStyle = style.getPropertyValue(colour);
      context.setLineDash([...dash]);
      context.beginPath();
      for (let k = 0; k < xs.length; k++) {
        if (xs[k + 1]! < x.from || xs[k - 1]! > x.to) continue;
        // A value lasts until the next one.
        if (k > 0) context.lineTo(px(xs[k]!), py(ys[k - 1]!));
        context.lineTo(px(xs[k]!), py(ys[k]!));
      }
      context.lineTo(px(x.to), py(ys[xs.length - 1]!));
      context.stroke();
    }
    context.setLineDash([]);
    context.fillStyle = style.getPropertyValue("--ink");
    context.font = "11px system-ui, sans-serif";
    context.fillText(plot.text(top), 4, 11);
  }
}

/** The name of a plot and what its lines are. */
function caption(plot: Plot, lanes: readonly LaneFacts[]): HTMLElement {
  const key = (label: string, colour: string, dash: readonly number[]) =>
    h(
      "span",
      {},
      h("i", {
        class: dash.length > 0 ? "dashed" : "",
        style: `border-color: var(${colour})`,
      }),
      label,
    );
  const names = plot.curves.length === 1
    ? curvesOf(plot, lanes, "op").map(({ spec, colour, dash }) =>
      key(spec, colour, dash)
    )
    : [
      ...plot.curves.filter(({ name }) =>
        lanes.some(({ series }) => series.some((one) => one.name === name))
      ).map(({ label, colour }) => key(label, colour, [])),
      ...(lanes.length === 2
        ? [`solid: ${lanes[0]!.spec}, dashed: ${lanes[1]!.spec}`]
        : []),
    ];
  return h("figcaption", {}, h("b", {}, plot.title), ...names);
}
