/**
 * Elements of the page, made in one call.
 *
 * @module
 */
/// <reference lib="dom" />

/** Attributes; functions listen to the event that their name ends with. */
export type Attributes = Readonly<
  Record<string, string | number | boolean | ((event: never) => void)>
>;

/** The element `tag` with its attributes and what is in it. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as (e: Event) => void);
    } else if (value === true) element.setAttribute(name, "");
    else if (value !== false) element.setAttribute(name, `${value}`);
  }
  element.append(...children);
  return element;
}

/** A button that says what it does. */
export function button(
  text: string,
  onclick: () => void,
  attributes: Attributes = {},
): HTMLButtonElement {
  return h("button", { type: "button", onclick, ...attributes }, text);
}

/** A field with its label. */
export function labelled(text: string, field: HTMLElement): HTMLLabelElement {
  return h("label", {}, h("span", {}, text), field);
}

/** A list to choose from. */
export function choice(
  values: readonly (readonly [value: string, text: string])[],
  chosen: string,
  onchange: (value: string) => void,
  attributes: Attributes = {},
): HTMLSelectElement {
  const select = h(
    "select",
    { onchange: () => onchange(select.value), ...attributes },
    ...values.map(([value, text]) =>
      h("option", { value, selected: value === chosen }, text)
    ),
  );
  return select;
}

type Cells = readonly (string | number)[];

/** A table with a caption for those who cannot see where it stands. */
export class Table {
  readonly root: HTMLTableElement;
  readonly #body = h("tbody");

  constructor(caption: string, columns: readonly string[]) {
    this.root = h(
      "table",
      {},
      h("caption", { class: "unseen" }, caption),
      h(
        "thead",
        {},
        h("tr", {}, ...columns.map(headOf)),
      ),
      this.#body,
    );
  }

  /** Shows `rows`; writes only into cells that change, which is quick. */
  show(rows: readonly Cells[]): void {
    const shown = this.#body.rows;
    while (shown.length > rows.length) this.#body.deleteRow(-1);
    rows.forEach((cells, i) => {
      const row = shown[i];
      if (row?.cells.length === cells.length) {
        cells.forEach((cell, k) => write(row.cells[k]!, text(cell, k)));
      } else if (row) row.replaceWith(rowOf(cells));
      else this.#body.append(rowOf(cells));
    });
  }
}

/** The head of a column; only specs, which are long, are broken anywhere. */
function headOf(column: string): HTMLElement {
  const css = /^[a-z ]+$/.test(column) ? "word" : "";
  return h("th", { scope: "col", class: css }, column);
}

function rowOf(cells: Cells): HTMLTableRowElement {
  return h(
    "tr",
    {},
    ...cells.map((cell, i) =>
      i === 0
        ? h("th", { scope: "row" }, text(cell, i))
        : h("td", {}, text(cell, i))
    ),
  );
}

/** A table that stays as it is. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly Cells[],
): HTMLTableElement {
  const made = new Table(caption, columns);
  made.show(rows);
  return made.root;
}

/** Makes `line` the text of `element`, unless it is that already. */
export function write(element: Element, line: string): void {
  if (element.textContent !== line) element.textContent = line;
}

const NUMBER = new Intl.NumberFormat("en-US");

/** What stands in column `i`; the first one has names, which may be numbers. */
function text(cell: string | number, i: number): string {
  return typeof cell === "number" && i > 0 ? NUMBER.format(cell) : `${cell}`;
}

/** A part of the page with a scroll bar of its own, for the keyboard too. */
export function scroller(label: string, child: Node): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    child,
  );
}
