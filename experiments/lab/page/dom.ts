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

/** A table with a caption for those who cannot see where it stands. */
export function table(
  caption: string,
  columns: readonly string[],
  rows: readonly (readonly (string | number)[])[],
): HTMLTableElement {
  return h(
    "table",
    {},
    h("caption", { class: "unseen" }, caption),
    h(
      "thead",
      {},
      h("tr", {}, ...columns.map((c) => h("th", { scope: "col" }, c))),
    ),
    h(
      "tbody",
      {},
      ...rows.map((row) =>
        h(
          "tr",
          {},
          ...row.map((cell, i) =>
            i === 0 ? h("th", { scope: "row" }, `${cell}`) : h(
              "td",
              { class: typeof cell === "number" ? "number" : "" },
              text(cell),
            )
          ),
        )
      ),
    ),
  );
}

const NUMBER = new Intl.NumberFormat("en-US");

function text(cell: string | number): string {
  return typeof cell === "number" ? NUMBER.format(cell) : cell;
}

/** A part of the page with a scroll bar of its own, for the keyboard too. */
export function scroller(label: string, child: Node): HTMLElement {
  return h(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": label },
    child,
  );
}
