/**
 * The traces that came with the page.
 *
 * @module
 */
/// <reference lib="dom" />

/** A trace, as it is in its file. */
export interface Embedded {
  name: string;
  /** Whether pages are requested, not bytes. */
  ofPages: boolean;
  /** A new copy of it. */
  bytes(): ArrayBuffer;
}

/** Those that stand in the page in base64. */
export function embedded(): Embedded[] {
  const scripts = document.querySelectorAll<HTMLElement>("script.trace");
  return [...scripts].map((script) => ({
    name: script.dataset.name!,
    ofPages: script.dataset.holds === "pages",
    bytes() {
      const text = atob(script.textContent!);
      return Uint8Array.from(text, (c) => c.charCodeAt(0)).buffer;
    },
  }));
}
