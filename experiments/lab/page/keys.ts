/**
 * What the keys and the mouse do on a map.
 *
 * @module
 */
/// <reference lib="dom" />
import { h, table } from "./dom.ts";

const KEYS: readonly (readonly [keys: string, what: string])[] = [
  ["← →", "one operation back or forth; with Shift 2 % of the view"],
  ["↑ ↓", "other addresses"],
  ["+ −", "closer or farther in time"],
  ["Page Up, Page Down", "closer or farther in addresses"],
  ["Home, End", "the first, the last operation"],
  ["Escape", "all of it"],
  ["wheel", "closer or farther in time; with Shift in addresses"],
  ["drag", "another part, on both axes"],
  ["click", "that operation, and the life of that block"],
];

/** A short line that maps are described by, and all of it to be opened. */
export function keys(): HTMLElement {
  return h(
    "details",
    { class: "keys" },
    h("summary", {}, "Keys and mouse on a map"),
    h(
      "p",
      { id: "keys", class: "unseen" },
      "Left and right step; plus and minus zoom in time, page up and page down " +
        "in addresses; up and down move; Escape shows all.",
    ),
    table("Keys and mouse on a map", ["on a map", "shows"], KEYS),
  );
}

/** To the first map, past what stands before it; the address stays as it is. */
export function skipLink(): HTMLElement {
  const onclick = (event: Event) => {
    event.preventDefault();
    document.querySelector<HTMLElement>(".map")?.focus();
  };
  return h("a", { href: "#", class: "skip", onclick }, "To the map");
}
