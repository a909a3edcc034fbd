/**
 * What the colours of the map mean.
 *
 * @module
 */
/// <reference lib="dom" />
import { CATEGORIES, paletteOf, type Rgb } from "../palette.ts";
import type { Answer, Colour } from "../protocol.ts";
import { h } from "./dom.ts";

/** Sizes and lifetimes by class: from this one on. */
const SIZES = [
  "8 B",
  "32 B",
  "128 B",
  "512 B",
  "2 KiB",
  "8 KiB",
  "32 KiB",
  "128 KiB",
];
const LIVES = ["1", "6", "32", "180", "1,000", "5,800", "33,000", "185,000"];

/** The colours of blocks, then those of what lies between them. */
export function legendOf(
  colour: Colour,
  { clients, sites }: Pick<Answer & { kind: "ready" }, "clients" | "sites">,
  dark: boolean,
): HTMLElement {
  const { live, between, ramp, categories } = paletteOf(dark);
  const of = (labels: readonly string[], colours: readonly Rgb[]) =>
    labels.slice(0, CATEGORIES).map((label, i) =>
      [label, colours[i]!] as const
    );
  const others = ["others", categories[CATEGORIES]!] as const;
  const blocks = {
    kind: [["live", live] as const],
    size: SIZES.map((label, i) => [label, ramp[i]!] as const),
    lifetime: LIVES.map((label, i) => [label, ramp[i]!] as const),
    client: [...of(clients, categories), others],
    site: [...of(sites, categories), others],
  }[colour];
  const rest = [
    ["cached", between[4]!],
    ["free", between[1]!],
    ["metadata", between[3]!],
    ["somebody else's", between[2]!],
  ] as const;
  const unit = { size: "live, from", lifetime: "live, operations from" };
  return h(
    "p",
    { class: "legend" },
    ...(colour === "size" || colour === "lifetime" ? [unit[colour]] : []),
    ...[...blocks, ...rest].map(([label, rgb]) =>
      h("span", {}, h("i", { style: `background: rgb(${rgb.join()})` }), label)
    ),
  );
}
