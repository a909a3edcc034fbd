/**
 * What the page can do where scripts run: filter and sort its claims, and fold
 * its table of contents on a narrow screen. Without, all is there to read.
 *
 * @module
 */
import { NARROW } from "./style.ts";

/** The text of the script. */
export const SCRIPT = `"use strict";
const all = (selector, within = document) =>
  [...within.querySelectorAll(selector)];
const contents = document.querySelector("nav details");
const narrow = matchMedia("(max-width:${NARROW})");
const fold = () => { contents.open = !narrow.matches; };
narrow.addEventListener("change", fold);
contents.addEventListener("click", (event) => {
  if (event.target.closest("a") && narrow.matches) contents.open = false;
});
fold();

const form = document.querySelector("form");
const claims = () => {
  const [text, verdict] = form.elements;
  const found = form.querySelector("output");
  const rows = all(".claims tbody tr").map((row) => ({
    row,
    section: row.closest("section"),
    words: (row.textContent + " " +
      row.closest("section").querySelector("h2,h3").textContent).toLowerCase(),
  }));
  const total = all("#claims tbody tr").length;
  const filter = () => {
    const words = text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const active = words.length > 0 || verdict.value !== "";
    const kept = new Set();
    let count = 0;
    for (const { row, section, words: own } of rows) {
      const fits = words.every((word) => own.includes(word)) &&
        (verdict.value === "" || row.dataset.verdict === verdict.value);
      row.classList.toggle("out", !fits);
      if (!fits) continue;
      kept.add(section);
      if (section.id === "claims") count++;
    }
    for (const section of all("main section")) {
      section.classList.toggle("out", active && !kept.has(section));
    }
    for (const part of all("main > div")) {
      const gone = all("section", part).every((section) =>
        section.classList.contains("out"));
      part.classList.toggle("out", active && gone);
    }
    found.textContent = active ? count + " of " + total + " claims" : "";
  };
  form.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.hidden = false;
  filter();

  const valueOf = (cell) => {
    const number = parseFloat(cell.textContent);
    return cell.className === "number" && !isNaN(number)
      ? number
      : cell.textContent;
  };
  const compare = (a, b) => typeof a === "number" && typeof b === "number"
    ? a - b
    : typeof a === "number" ? -1 : typeof b === "number" ? 1
    : a.localeCompare(b, "en", { numeric: true });
  for (const [i, head] of all("#claims th").entries()) {
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.ariaSort === "ascending";
      for (const other of all("#claims th")) other.removeAttribute("aria-sort");
      head.ariaSort = down ? "descending" : "ascending";
      const body = document.querySelector("#claims tbody");
      const sorted = all("tr", body).map((row) => [valueOf(row.cells[i]), row])
        .sort(([a], [b]) => (down ? -1 : 1) * compare(a, b));
      body.append(...sorted.map(([, row]) => row));
    });
  }
};
if (form) claims();
`;
