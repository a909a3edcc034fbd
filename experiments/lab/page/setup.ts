/**
 * What is simulated: a file, a workload or typed requests, and one or several
 * allocators with their options.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer, Field } from "../protocol.ts";
import type { App } from "./app.ts";
import { button, choice, h, labelled } from "./dom.ts";
import type { Origin } from "./fragment.ts";

type Catalogue = Answer & { kind: "catalogue" };

/** Those that typed requests are shown for, side by side. */
export const SIDE_BY_SIDE = [
  "first_fit",
  "best_fit",
  "next_fit",
  "worst_fit",
  "buddy",
  "glibc",
];
const TYPED = "a 0 16; a 1 32; f 0; a 2 8";

/** The fields of a form, and what is in them. */
class Fields {
  readonly root: HTMLElement = h("div", { class: "fields" });
  #values = new Map<string, () => string>();

  /** Shows `fields`, with `given` in them where that says so. */
  show(
    fields: readonly Field[],
    given: Readonly<Record<string, string>>,
  ): void {
    this.#values.clear();
    this.root.replaceChildren(...fields.flatMap((field) => {
      const { name, help, values, initial } = field;
      const value = given[name] ?? initial;
      const id = `field-${++made}`;
      const attributes = { id, "aria-describedby": `${id}-help` };
      const input = values
        ? choice(
          values.map((v) => [v, v] as const),
          value,
          () => {},
          attributes,
        )
        : h("input", { type: "text", size: 10, value, ...attributes });
      this.#values.set(name, () => input.value.trim());
      return [
        h("label", { for: id }, name),
        input,
        h("p", { class: "hint", id: `${id}-help` }, help),
      ];
    }));
  }

  /** What differs from the initial values. */
  changed(fields: readonly Field[]): Record<string, string> {
    return Object.fromEntries(
      fields.map(({ name, initial }) =>
        [name, this.#values.get(name)?.() ?? initial, initial] as const
      ).filter(([, value, initial]) => value !== initial && value !== "")
        .map(([name, value]) => [name, value]),
    );
  }
}

/** Fields that were made: each has a name of its own. */
let made = 0;

/** One allocator to choose. */
class AllocatorForm {
  readonly root: HTMLElement;
  readonly #fields = new Fields();
  readonly #catalogue: Catalogue;
  readonly #name: HTMLSelectElement;

  constructor(
    catalogue: Catalogue,
    label: string,
    spec: string,
    mayBeNone: boolean,
  ) {
    this.#catalogue = catalogue;
    const [name = "", ...options] = spec.split(":");
    const names = catalogue.allocators.map(({ name, summary }) =>
      [name, name, summary] as const
    );
    this.#name = choice(
      [
        ...(mayBeNone ? [["", "none"] as const] : []),
        ...names.map(([v, t]) => [v, t] as const),
      ],
      name,
      () => this.#fields.show(this.#known(), {}),
    );
    const given = Object.fromEntries(options.map((option) => {
      const at = option.indexOf("=");
      return [option.slice(0, at), option.slice(at + 1)];
    }));
    this.#fields.show(this.#known(), given);
    this.root = h(
      "div",
      {},
      labelled(label, this.#name),
      h("details", {}, h("summary", {}, "options"), this.#fields.root),
    );
  }

  /** The spec; "" if none is chosen. */
  get spec(): string {
    const changed = Object.entries(this.#fields.changed(this.#known()));
    return [this.#name.value, ...changed.map(([k, v]) => `${k}=${v}`)].join(
      ":",
    );
  }

  #known(): readonly Field[] {
    const chosen = this.#name.value;
    return this.#catalogue.allocators.find(({ name }) => name === chosen)
      ?.options ?? [];
  }
}

/** The form. */
export class Setup {
  readonly root: HTMLElement;
  readonly #app: App;
  readonly #first: AllocatorForm;
  readonly #second: AllocatorForm;

  constructor(
    app: App,
    catalogue: Catalogue,
    origin: Origin,
    specs: readonly string[],
    traces: readonly string[],
  ) {
    this.#app = app;
    this.#first = new AllocatorForm(
      catalogue,
      "allocator",
      specs[0] ?? "glibc",
      false,
    );
    this.#second = new AllocatorForm(
      catalogue,
      "beside",
      specs[1] ?? "",
      true,
    );
    this.root = h(
      "section",
      { class: "setup", "aria-label": "What is simulated" },
      h(
        "fieldset",
        {},
        h("legend", {}, "Allocators"),
        this.#first.root,
        this.#second.root,
      ),
      this.#files(traces),
      this.#workloads(catalogue, origin),
      this.#typed(origin),
    );
  }

  get #specs(): string[] {
    return [this.#first.spec, this.#second.spec].filter((spec) => spec !== "");
  }

  #files(traces: readonly string[]): HTMLElement {
    const input = h("input", {
      type: "file",
      "aria-label": "A trace: any format that replay reads",
      onclick: () => input.value = "", // the same file may have changed
      onchange: () => {
        const file = input.files?.[0];
        if (file) this.#app.opener.openFile(file, this.#specs);
      },
    });
    return h(
      "fieldset",
      {},
      h("legend", {}, "A trace"),
      input,
      h("p", { class: "hint" }, "or drop it anywhere on the page"),
      ...traces.map((name, number) =>
        button(
          name,
          () => this.#app.opener.open({ kind: "trace", number }, this.#specs),
        )
      ),
    );
  }

  #workloads(catalogue: Catalogue, origin: Origin): HTMLElement {
    const given = origin.kind === "workload"
      ? origin
      : { name: "random_churn", parameters: {}, seed: 1 };
    const fields = new Fields();
    const known = () =>
      catalogue.workloads.find(({ name }) => name === select.value)
        ?.parameters ?? [];
    const select = choice(
      catalogue.workloads.map(({ name }) => [name, name] as const),
      given.name,
      () => fields.show(known(), {}),
    );
    fields.show(known(), given.parameters);
    const seed = h("input", { type: "number", min: 0, value: given.seed });
    return h(
      "fieldset",
      {},
      h("legend", {}, "A workload"),
      labelled("name", select),
      fields.root,
      labelled("seed", seed),
      button("Simulate", () =>
        this.#app.opener.open({
          kind: "workload",
          name: select.value,
          parameters: fields.changed(known()),
          seed: Math.max(0, Math.floor(Number(seed.value))),
        }, this.#specs)),
    );
  }

  #typed(origin: Origin): HTMLElement {
    const text = h("textarea", {
      rows: 4,
      "aria-label": "Requests: a ID SIZE, r ID SIZE, f ID, or +SIZE,-N",
    });
    text.value = origin.kind === "text" ? origin.text : TYPED;
    const open = (specs: string[]) =>
      this.#app.opener.open({ kind: "text", text: text.value }, specs);
    return h(
      "fieldset",
      {},
      h("legend", {}, "Typed requests"),
      text,
      h("p", { class: "hint" }, "a ID SIZE; r ID SIZE; f ID — or +10,+20,-0"),
      button("Simulate", () => open(this.#specs)),
      button("Six side by side", () => open(SIDE_BY_SIDE), {
        title: SIDE_BY_SIDE.join(", "),
      }),
    );
  }
}
