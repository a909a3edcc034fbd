/**
 * The lessons: three steps of text each, with the heap to look at, and a
 * question.
 *
 * @module
 */
/// <reference lib="dom" />
import type { App } from "./app.ts";
import { button, choice, h } from "./dom.ts";
import { judge, type Lesson } from "./lesson.ts";
import { LESSONS } from "./lessons.ts";

/** Where they are chosen and read. */
export class LessonPanel {
  readonly root: HTMLDetailsElement;
  readonly #app: App;
  readonly #select: HTMLSelectElement;
  readonly #text = h("div", { class: "lesson", "aria-live": "polite" });
  readonly #back = button("Back", () => this.#turn(-1));
  readonly #next = button("Next", () => this.#turn(1));
  #lesson: Lesson | undefined;
  #step = 0;

  constructor(app: App) {
    this.#app = app;
    this.#select = choice(
      [
        ["", "choose a lesson"],
        ...LESSONS.map(({ id, title }) => [id, title] as const),
      ],
      "",
      (id) => id === "" ? undefined : this.open(id),
      { "aria-label": "Lesson" },
    );
    this.root = h(
      "details",
      { class: "panel lessons" },
      h("summary", {}, "Lessons"),
      h("div", { class: "tools" }, this.#select, this.#back, this.#next),
      this.#text,
    );
    this.#back.disabled = this.#next.disabled = true;
  }

  /** Opens a lesson at a step, from 0 on. */
  async open(id: string = LESSONS[0]!.id, step = 0): Promise<void> {
    const lesson = LESSONS.find((one) => one.id === id);
    if (!lesson) return this.#app.say(`There is no lesson ${id}`);
    this.root.open = true;
    this.#select.value = id;
    this.#lesson = lesson;
    this.#step = Math.max(0, Math.min(lesson.steps.length, step));
    await this.#app.opener.load(
      { kind: "lesson", id, step: this.#step },
      lesson.source,
      [...lesson.allocators],
    );
    if (this.#lesson === lesson) this.#show();
  }

  /** Something else is shown. */
  leave(): void {
    this.#lesson = undefined;
    this.#select.value = "";
    this.#text.replaceChildren();
    this.#back.disabled = this.#next.disabled = true;
    this.root.open = false;
  }

  /** Of the lesson that is open. */
  get title(): string | undefined {
    return this.#lesson?.title;
  }

  #turn(by: number): void {
    this.#step += by;
    this.#show();
  }

  #show(): void {
    const lesson = this.#lesson;
    if (!lesson) return; // closed meanwhile
    const { id, steps } = lesson;
    this.#app.origin = { kind: "lesson", id, step: this.#step };
    const isAtNext = document.activeElement === this.#next;
    this.#back.disabled = this.#step === 0;
    this.#next.disabled = this.#step === steps.length;
    const step = steps[this.#step];
    if (!step) return this.#ask(lesson, isAtNext);
    this.#text.replaceChildren(
      h("h2", {}, `${lesson.title} (${this.#step + 1} of ${steps.length})`),
      h("p", {}, step.text),
    );
    if (step.from === undefined || step.to === undefined) this.#app.showFirst();
    else this.#app.setX({ from: step.from, to: step.to });
    this.#app.go(step.op);
  }

  /** Asks; the keyboard goes to the answer if `isNext`. */
  #ask(lesson: Lesson, isNext: boolean): void {
    const field = h("input", {
      type: "text",
      size: 10,
      "aria-label": "Your answer, a number",
    });
    const verdict = h("p", { role: "status" });
    this.#text.replaceChildren(
      h("h2", {}, `${lesson.title}: a question`),
      h("p", {}, lesson.question),
      h(
        "form",
        {
          class: "tools",
          onsubmit: (event: Event) => {
            event.preventDefault();
            const { isRight, words } = judge(lesson, field.value);
            verdict.textContent = words;
            verdict.className = isRight ? "right" : "wrong";
          },
        },
        field,
        h("button", {}, "Check"),
      ),
      verdict,
    );
    if (isNext) field.focus({ preventScroll: true });
  }
}
