/**
 * A picture of a part of the map: how much of each pixel is covered by live
 * blocks, and what lies between them.
 *
 * @module
 */
import { CLASSES, lifetimeClass, sizeClass } from "./classes.ts";
import { Coverage, WHOLE } from "./coverage.ts";
import type { Lane } from "./lane.ts";
import { BETWEEN } from "./looks.ts";
import { CATEGORIES, paletteOf, type Rgb } from "./palette.ts";
import type { Question } from "./protocol.ts";
import type { Requests } from "./requests.ts";

/** What to draw, and where. */
export type Drawing = Omit<
  Question & { kind: "draw" },
  "kind" | "ticket" | "lane"
>;

/** What a pixel with any live byte shows at least of its colour. */
const LEAST = 0.45;

/** The pixels, red, green, blue, opacity, from the top row on. Blocks have so many `bytes`. */
export function draw(
  lane: Lane,
  drawing: Drawing,
  bytes: Float64Array = lane.rectangles.bytes,
): Uint8ClampedArray {
  const { view, axis, width, height, dark } = drawing;
  const palette = paletteOf(dark);
  const step = (view.y1 - view.y0) / height;
  const ops = Float64Array.from({ length: width }, (_, x) => {
    const at = view.x0 + (x + 0.5) * (view.x1 - view.x0) / width;
    return Math.floor(axis === "op" ? at : lane.requests.opAtBytes(at));
  });
  const between = lane.looks.paint(ops, height, view.y0, step);
  const layers = layersOf(lane, drawing, bytes);
  const pixels = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y++) {
    let to = 4 * width * (height - 1 - y);
    for (let x = 0; x < width; x++, to += 4) {
      const i = y * width + x;
      const ground = BETWEEN[between[i]!]
        ? palette.between[between[i]!]!
        : palette.background;
      const covered = layers.covered[i]!;
      pixels[to + 3] = 255;
      if (covered === 0) {
        for (let c = 0; c < 3; c++) pixels[to + c] = ground[c]!;
        continue;
      }
      const colour = layers.colour(i);
      const share = LEAST + (1 - LEAST) * Math.min(1, covered / WHOLE);
      for (let c = 0; c < 3; c++) {
        pixels[to + c] = ground[c]! + share * (colour[c]! - ground[c]!);
      }
    }
  }
  return pixels;
}

/** How much of each pixel is covered, and by what. */
interface Layers {
  covered: Int32Array;
  colour(i: number): Rgb;
}

function layersOf(lane: Lane, drawing: Drawing, bytes: Float64Array): Layers {
  const { colour, width, height, dark } = drawing;
  const palette = paletteOf(dark);
  const planes = (count: number) =>
    Array.from({ length: count }, () => new Coverage(width, height));
  switch (colour) {
    case "kind": {
      const [plane] = planes(1);
      cover(
        lane,
        drawing,
        bytes,
        (_, x0, x1, y0, y1) => plane!.add(x0, x1, y0, y1),
      );
      return { covered: plane!.sums(), colour: () => palette.live };
    }
    case "size":
    case "lifetime": {
      const [plane, weighted] = planes(2);
      const classOf = colour === "size" ? sizeOf(lane) : lifetimeOf(lane);
      cover(lane, drawing, bytes, (block, x0, x1, y0, y1) => {
        plane!.add(x0, x1, y0, y1);
        const weight = classOf(block);
        if (weight > 0) weighted!.add(x0, x1, y0, y1, weight);
      });
      const covered = plane!.sums();
      const means = weighted!.sums();
      return {
        covered,
        colour(i) {
          const mean = Math.round(means[i]! / covered[i]!);
          return palette.ramp[Math.min(CLASSES - 1, mean)]!;
        },
      };
    }
    case "client":
    case "site": {
      const category = colour === "site" ? siteOf(lane) : clientOf(lane);
      const layers = planes(CATEGORIES + 1);
      cover(lane, drawing, bytes, (block, x0, x1, y0, y1) => {
        layers[category(block)]!.add(x0, x1, y0, y1);
      });
      const sums = layers.map((plane) => plane.sums());
      const covered = sums[0]!.map((_, i) =>
        sums.reduce((all, plane) => all + plane[i]!, 0)
      );
      return {
        covered,
        colour(i) {
          let most = 0;
          for (let c = 1; c <= CATEGORIES; c++) {
            if (sums[c]![i]! > sums[most]![i]!) most = c;
          }
          return palette.categories[most]!;
        },
      };
    }
  }
}

/** Tells `add` the place of each block that the picture shows, in pixels. */
function cover(
  { rectangles, requests, end }: Lane,
  { view, axis, width, height }: Drawing,
  bytes: Float64Array,
  add: (block: number, x0: number, x1: number, y0: number, y1: number) => void,
): void {
  const { birth, death, address } = rectangles;
  const byBytes = axis === "bytes";
  const firstOp = byBytes ? requests.opAtBytes(view.x0) : Math.floor(view.x0);
  const lastOp = byBytes ? requests.opAtBytes(view.x1) : view.x1;
  const scaleX = width / (view.x1 - view.x0);
  const scaleY = height / (view.y1 - view.y0);
  const after = rectangles.bornBy(lastOp);
  for (
    let i = rectangles.next(0, firstOp);
    i < after;
    i = rectangles.next(i + 1, firstOp)
  ) {
    const low = (address[i]! - view.y0) * scaleY;
    const high = low + Math.max(1, bytes[i]!) * scaleY;
    if (high <= 0 || low >= height) continue;
    const born = birth[i]!;
    const gone = Math.min(death[i]!, end + 1);
    const left = (byBytes ? requests.bytesBefore(born) : born) - view.x0;
    const right = (byBytes ? requests.bytesBefore(gone) : gone) - view.x0;
    const x0 = left * scaleX;
    const x1 = Math.max(right * scaleX, x0);
    if (x0 >= width || x1 < 0) continue;
    add(i, x0, x1, low, high);
  }
}

function sizeOf({ rectangles: { bytes } }: Lane) {
  return (block: number) => sizeClass(bytes[block]!);
}

function lifetimeOf({ rectangles: { birth, death }, end }: Lane) {
  return (block: number) =>
    lifetimeClass(Math.min(death[block]!, end + 1) - birth[block]!);
}

/** The sites with colours of their own: those that asked for most bytes. */
export function topSites(requests: Requests): number[] {
  const bytes = new Map<number, number>();
  for (let i = 0; i < requests.length; i++) {
    const site = requests.siteAt(i);
    if (site === 0) continue;
    bytes.set(site, (bytes.get(site) ?? 0) + requests.sizeAt(i));
  }
  return [...bytes].sort((a, b) => b[1] - a[1]).slice(0, CATEGORIES)
    .map(([site]) => site);
}

const tops = new WeakMap<Requests, Map<number, number>>();

function siteOf({ requests, rectangles: { birth } }: Lane) {
  const known = tops.get(requests) ??
    new Map(topSites(requests).map((site, i) => [site, i]));
  tops.set(requests, known);
  return (block: number) =>
    known.get(requests.siteAt(birth[block]! - 1)) ?? CATEGORIES;
}

function clientOf({ requests: { changes }, rectangles: { birth } }: Lane) {
  const names = [...new Set(changes.map(({ name }) => name))];
  const category = changes.map(({ name }) =>
    Math.min(CATEGORIES, names.indexOf(name))
  );
  let change = -1;
  return (block: number) => { // blocks come in order of birth
    if (change >= 0 && changes[change]!.op >= birth[block]!) change = -1;
    while (
      change + 1 < changes.length && changes[change + 1]!.op < birth[block]!
    ) change++;
    return change < 0 ? CATEGORIES : category[change]!;
  };
}
