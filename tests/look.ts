/**
 * What `screenshots.ts` has a browser look at: scripts for a copy of the page
 * and for a sheet of figures. Each tells the page around its frame what it
 * found, as a text between two {@linkcode TOLD}.
 *
 * @module
 */

/** Around what a script found. */
export const TOLD = "told-by-look";

/** What a script found. */
export interface Found {
  /** Pixels of the window, and of all that is in it. */
  width: number;
  height: number;
  figures: number;
  /** Least contrast of a text. */
  contrast: number;
  dark: boolean;
  /** What is wrong, a line each. */
  faults: string[];
}

/** Common to both. */
const COMMON = `
const all = (selector, within = document) =>
  [...within.querySelectorAll(selector)];
const luminance = (colour) => {
  const [r, g, b] = colour.match(/[\\d.]+/g).slice(0, 3).map((part) => {
    const c = part / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (ink, paper) => (Math.max(ink, paper) + 0.05) /
  (Math.min(ink, paper) + 0.05);
const tell = (found) => parent.postMessage("${TOLD}" + JSON.stringify({
  width: innerWidth,
  height: document.documentElement.scrollHeight,
  ...found,
}) + "${TOLD}", "*");
`;

/** Looks at the page. */
export const PAGE_SCRIPT = `addEventListener("load", () => {${COMMON}
const faults = [];
const name = (element) => element.outerHTML.slice(0, 60).replace(/\\s+/g, " ");
for (const image of document.images) {
  if (!image.naturalWidth) faults.push("not loaded: " + image.src);
  else if (Math.abs(image.width / image.naturalWidth - 1) > 0.08) {
    faults.push(image.src + " is shown " + image.width + " pixels wide");
  }
}
for (const element of all("body *:not(script):not(option)")) {
  const { left, right } = element.getBoundingClientRect();
  if (left < -0.5 || right > innerWidth + 0.5) {
    faults.push("beyond the screen: " + name(element));
  }
  if (element.clientWidth && element.scrollWidth > element.clientWidth + 1) {
    faults.push("cut off: " + name(element));
  }
}
const paper = luminance(
  getComputedStyle(document.querySelector("section")).backgroundColor);
const contrasts = all("h1, h3, p, td, th, a, small, code, dd, dt, .chip")
  .map((text) => contrast(luminance(getComputedStyle(text).color), paper));

const [text, verdict] = document.forms[0].elements;
const shown = () => all("#claims tbody tr").filter(
  (row) => getComputedStyle(row).display !== "none");
const total = shown().length;
const enter = (words, label) => {
  text.value = words;
  verdict.value = label;
  text.dispatchEvent(new Event("input", { bubbles: true }));
};
if (document.forms[0].hidden) faults.push("the filter does not show");
const id = all("#claims code").at(-1).textContent;
enter(id, "");
if (!shown().every((row) => row.textContent.includes(id)) ||
    shown().length === 0 || shown().length === total) {
  faults.push("the filter by text shows " + shown().length + " of " + total);
}
enter("", "holds");
if (!shown().every((row) => row.dataset.verdict === "holds") ||
    shown().length === 0) faults.push("the filter by verdict fails");
enter("", "");
if (shown().length !== total) faults.push("the filter loses claims");
const column = (i) => all("#claims tbody tr").map((row) =>
  row.cells[i].textContent);
const heads = all("#claims th button");
const numbers = () => column(2).filter((cell) => cell !== "").map(parseFloat);
heads[2].click();
if (numbers().some((value, i, list) => i > 0 && value < list[i - 1])) {
  faults.push("sorting by number fails");
}
heads[2].click();
if (numbers().some((value, i, list) => i > 0 && value > list[i - 1])) {
  faults.push("sorting downwards fails");
}
heads[1].click();
const statements = column(1);
const sorted = statements.toSorted((a, b) =>
  a.localeCompare(b, "en", { numeric: true }));
if (statements.join() !== sorted.join()) faults.push("sorting by text fails");

tell({
  figures: document.images.length,
  contrast: Math.min(...contrasts),
  dark: paper < 0.2,
  faults,
});
});`;

/** Looks at figures: their letters as they are, not as they were guessed. */
export const SHEET_SCRIPT = `addEventListener("load", () => {${COMMON}
const faults = [];
const contrasts = [];
let dark = false;
for (const figure of all("figure")) {
  const svg = figure.querySelector("svg");
  const title = figure.querySelector("figcaption").textContent;
  const [width, height] = ["width", "height"].map((side) =>
    Number(svg.getAttribute(side)));
  const paper = luminance(getComputedStyle(svg.querySelector("rect")).fill);
  dark = paper < 0.2;
  const scale = width / svg.getBoundingClientRect().width;
  const corner = svg.getBoundingClientRect();
  const boxes = all("text", svg).map((text) => {
    const box = text.getBoundingClientRect();
    const words = text.textContent;
    if (!text.closest(".mark")) {
      contrasts.push(contrast(luminance(getComputedStyle(text).fill), paper));
    }
    return {
      words,
      label: text.classList.length > 0,
      left: (box.left - corner.left) * scale,
      right: (box.right - corner.left) * scale,
      top: (box.top - corner.top) * scale,
      bottom: (box.bottom - corner.top) * scale,
    };
  });
  for (const { words, left, right, top, bottom } of boxes) {
    if (left < 0 || right > width || top < 0 || bottom > height) {
      faults.push(title + ': "' + words + '" is cut off');
    }
  }
  const labels = boxes.filter(({ label }) => label);
  for (const [i, a] of labels.entries()) {
    for (const b of labels.slice(0, i)) {
      const across = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const down = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      if (across > 1 && down > 3) {
        faults.push(title + ': "' + a.words + '" over "' + b.words + '"');
      }
    }
  }
}
tell({
  figures: all("figure").length,
  contrast: Math.min(...contrasts),
  dark,
  faults,
});
});`;
