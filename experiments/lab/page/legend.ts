/**
 * What the colours of the map mean.
 *
 * @module
 */
/// <reference lib="dom" />
import { LIFETIME_LIMITS, SIZE_LIMITS } from "../classes.ts";
import { BETWEEN } from "../looks.ts";
import { CATEGORIES, paletteOf, type Rgb } from "../palette.ts";
import type { Blocks, Colour } from "../protocol.ts";
import { h } from "./dom.ts";
import { bytesText, countText } from "./ranges.ts";

/** A colour and its meaning. */
export interface Entry {
  name: string;
  colour: Rgb;
}

/** Names that colours can stand for. */
export interface Names {
  clients: readonly string[];
  sites: readonly string[];
}

/** The colours of live blocks first, then of what lies between them. */
export function legendOf(
  colour: Colour,
  blocks: Blocks,
  { clients, sites }: Names,
  dark: boolean,
): Entry[] {
  const { live, between, ramp, categories } = paletteOf(dark);
  const rest = BETWEEN.flatMap((name, i) =>
    name === "" ? [] : [{ name: kindText(name), colour: between[i]! }]
  ).reverse();
  const classes = (limits: readonly number[], text: (n: number) => string) =>
    ramp.map((colour, k) => ({
      name: k < limits.length ? `< ${text(limits[k]!)}` : "more",
      colour,
    }));
  const named = (names: readonly string[]) => [
    ...names.slice(0, CATEGORIES).map((name, i) => ({
      name,
      colour: categories[i]!,
    })),
    {
      name: names.length === 0 ? "not known" : "others",
      colour: categories.at(-1)!,
    },
  ];
  switch (colour) {
    case "kind":
      return [{ name: `live, ${EXTENT[blocks]}`, colour: live }, ...rest];
    case "size":
      return [...classes(SIZE_LIMITS, bytesText), ...rest];
    case "lifetime":
      return [
        ...classes(LIFETIME_LIMITS, (n) => `${countText(n)} ops`),
        ...rest,
      ];
    case "client":
      return [...named(clients), ...rest];
    case "site":
      return [...named(sites), ...rest];
  }
}

/** What is drawn of a live block. */
const EXTENT: Readonly<Record<Blocks, string>> = {
  asked: "as asked for",
  whole: "all that is usable",
};

/** What kinds of memory are called, where it is not their name. */
const NAMES: Readonly<Record<string, string>> = {
  meta: "metadata",
  foreign: "somebody else's",
};

/** What a kind of memory is called. */
export function kindText(kind: string): string {
  return NAMES[kind] ?? kind;
}

/** A list of colours under the maps. */
export class Legend {
  readonly root: HTMLElement = h("ul", {
    class: "legend",
    "aria-label": "Colours of the map",
  });

  /** Shows what is in use. */
  show(colour: Colour, blocks: Blocks, names: Names, dark: boolean): void {
    this.root.replaceChildren(
      ...legendOf(colour, blocks, names, dark).map(({ name, colour }) =>
        h(
          "li",
          {},
          h("i", { style: `background: rgb(${colour.join()})` }),
          name,
        )
      ),
    );
  }
}
