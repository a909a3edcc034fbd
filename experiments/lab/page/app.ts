/**
 * The page: what is shown, and who is told when that changes.
 *
 * @module
 */
/// <reference lib="dom" />
import type {
  Answer,
  Axis,
  Blocks,
  Colour,
  Question,
  View,
} from "../protocol.ts";
import { Client } from "./client.ts";
import { Controls } from "./controls.ts";
import { Announcer } from "./announcer.ts";
import { BlocksTable } from "./blocks_table.ts";
import { h } from "./dom.ts";
import type { Embedded } from "./embedded.ts";
import { fragmentOf, type Origin } from "./fragment.ts";
import { type LaneFacts, LaneView } from "./lane_view.ts";
import { linesOf } from "./heap_card.ts";
import { Legend } from "./legend.ts";
import { keys, skipLink } from "./keys.ts";
import { LessonPanel } from "./lesson_panel.ts";
import { Linker } from "./linker.ts";
import { Opener } from "./opener.ts";
import { operationsText, type Range, showing, zoomed } from "./ranges.ts";
import { savingTools } from "./saving.ts";
import { Setup } from "./setup.ts";
import { StatePanel } from "./state_panel.ts";
import { Strip } from "./strip.ts";
import { TimeAxis } from "./time_axis.ts";

type Ready = Answer & { kind: "ready" };
type Find = (Question & { kind: "find" })["what"];

/** Heaps up to which maps stand one below the other, with what is known beside. */
const FEW = 2;

/** All of it. */
export class App {
  readonly client: Client;
  op = 0;
  specs: string[] = [];
  colour: Colour = "kind";
  /** What of blocks the maps show. */
  blocks: Blocks = "asked";
  /** The axis that all maps share. */
  time: TimeAxis = new TimeAxis();
  /** Where the requests come from, for links. */
  origin: Origin = { kind: "text", text: "" };
  /** Whether the state at the cursor is still to come. */
  isBusy = false;

  readonly #announcer = new Announcer();
  readonly opener: Opener;
  /** Where one chooses what is simulated. */
  readonly setup: HTMLDetailsElement = h(
    "details",
    { class: "panel" },
    h("summary", {}, "Setup"),
  );
  readonly #main = h("main", { hidden: true });
  readonly #lanes = h("div", { class: "lanes" });
  readonly #legend = new Legend();
  readonly #notice = h("p", { class: "notice", hidden: true });
  readonly #blocks = new BlocksTable(this);
  readonly #controls = new Controls(this);
  readonly #strip = new Strip(this);
  readonly #panel = new StatePanel(this);
  /** Keeps the address of the page. */
  readonly linker: Linker = new Linker(() => this.#fragment);
  readonly lessons: LessonPanel = new LessonPanel(this);
  #views: LaneView[] = [];
  #ready: Ready | undefined;
  #states: Answer & { kind: "states" } | undefined;
  #isStale = false;

  /** Starts the simulation and fills `root`. */
  constructor(root: HTMLElement, code: string, traces: readonly Embedded[]) {
    this.opener = new Opener(this, traces);
    this.client = new Client(code, (answer) => this.#hear(answer));
    this.#main.append(
      h(
        "div",
        { class: "left" },
        this.#notice,
        this.#lanes,
        this.#legend.root,
        this.#strip.root,
        this.#controls.tools,
        savingTools(this),
        keys(),
        this.#blocks.root,
      ),
      this.#panel.root,
    );
    root.append(
      skipLink(),
      h(
        "header",
        {},
        h("h1", {}, "Fraglab lab"),
        this.#announcer.root,
        this.opener.loading.root,
      ),
      this.lessons.root,
      this.setup,
      this.#controls.transport,
      this.#main,
    );
    this.client.send({ kind: "list" });
  }

  /** Whether the page is dark. */
  get dark(): boolean {
    return matchMedia("(prefers-color-scheme: dark)").matches;
  }

  /** The cursor on the axis. */
  get cursorX(): number {
    return this.time.at(this.op);
  }

  /** Something else is to be simulated. */
  begin(origin: Origin, specs: readonly string[]): void {
    this.#controls.stop();
    if (origin.kind !== "lesson") this.lessons.leave();
    this.#announcer.forget();
    this.origin = origin;
    this.specs = [...specs];
  }

  /** There is nothing to show; `line` says why. */
  end(line: string, isFailure = false): void {
    this.opener.loading.end();
    this.#main.hidden = true;
    this.#controls.transport.hidden = true;
    this.#ready = undefined;
    this.#views = [];
    this.opener.finish();
    this.#announcer.say(line, isFailure);
  }

  /** Moves the cursor, and the view if that does not show it. */
  go(op: number): void {
    this.op = Math.max(0, Math.min(this.time.operations, Math.round(op)));
    const x = showing(this.time.x, this.cursorX);
    if (x !== this.time.x) this.setX(x);
    this.#controls.update();
    this.#strip.moveCursor();
    for (const view of this.#views) view.moveCursor();
    if (this.isBusy) this.#isStale = true;
    else this.#askState();
  }

  /** Shows another part of the axis, at least `least` operations of it. */
  setX(x: Range, least = 8): void {
    this.time.show(x, least);
    this.redraw();
  }

  /** Shows all, in all directions. */
  showAll(): void {
    for (const view of this.#views) view.y = { from: 0, to: view.facts.height };
    this.setX(this.time.all);
  }

  /** Shows what was shown first. */
  showFirst(): void {
    for (const view of this.#views) view.y = view.opening;
    this.setX(this.time.all);
  }

  /** Another unit of the axis. */
  setAxis(axis: Axis): void {
    this.time.unit = axis;
    this.showAll();
    this.go(this.op);
  }

  /** Other colours. */
  setColour(colour: Colour): void {
    this.colour = colour;
    this.showLegend();
    this.redraw();
  }

  /** Blocks as they were asked for, or whole. */
  setBlocks(blocks: Blocks): void {
    this.blocks = blocks;
    this.showLegend();
    this.redraw();
  }

  /** Says what the colours of the maps mean. */
  showLegend(): void {
    const { clients = [], sites = [] } = this.#ready ?? {};
    const names = { clients, sites };
    this.#legend.show(this.colour, this.blocks, names, this.dark);
  }

  /** Comes closer on both axes around the cursor, or goes away from it. */
  zoom(factor: number): void {
    for (const view of this.#views) view.zoomY(factor);
    this.setX(zoomed(this.time.x, factor, this.cursorX));
  }

  /** Somebody pointed at a place of a map. */
  pick(lane: number, x: number, address: number): void {
    this.go(this.time.opAt(x));
    this.choose(lane, address);
  }

  /** Shows the block of `lane` at `address`. */
  async choose(lane: number, address: number): Promise<void> {
    const { op } = this;
    const answer = await this.client.ask({ kind: "block", lane, op, address });
    if (answer.kind !== "block" || !this.#states) return;
    this.#panel.choose(lane, answer.block);
    this.#announcer.tell(linesOf(answer.block).join(". "));
  }

  /** Goes where `what` is, in the first lane. */
  async find(what: Find): Promise<void> {
    const answer = await this.client.ask({ kind: "find", lane: 0, what });
    if (answer.kind !== "found") return;
    this.say(answer.words);
    const { op, view, address } = answer;
    if (op === undefined) return;
    if (view && this.time.unit === "op") {
      this.setX({ from: view.x0, to: view.x1 });
      this.#views[0]?.show({ from: view.y0, to: view.y1 });
    }
    this.go(op);
    if (address !== undefined) await this.choose(0, address);
  }

  /** Goes to the block that takes least room on the map. */
  findSmallest(): void {
    const [smallestAt] = this.shownParts;
    if (smallestAt) this.find({ smallestAt });
  }

  /** Says a line to everybody. */
  say(line: string): void {
    this.#announcer.say(line);
  }

  /** A picture has come. */
  drawn(): void {
    if (!this.isExact) return;
    this.#main.dataset.exact = "true";
    this.#blocks.update();
    this.opener.finish();
  }

  #hear(answer: Answer): void {
    switch (answer.kind) {
      case "catalogue":
        this.setup.append(
          new Setup(
            this,
            answer,
            this.origin,
            this.specs,
            this.opener.traces.map(({ name }) => name),
          ).root,
        );
        return;
      case "progress":
        this.opener.loading.update(answer.done, answer.total);
        if (this.opener.loading.root.hidden) return; // it was cancelled
        return this.say(`Simulating: ${operationsText(answer.done)}`);
      case "failed":
        return this.end(answer.line, true);
      case "ready":
        return this.#show(answer);
    }
  }

  #show(ready: Ready): void {
    this.#ready = ready;
    this.opener.loading.end();
    this.#main.hidden = false;
    this.#controls.transport.hidden = false;
    delete this.#main.dataset.exact;
    this.time = new TimeAxis(ready);
    const shown = this.opener.wanted;
    this.time.unit = shown?.axis ?? "op";
    this.colour = shown?.colour ?? "kind";
    this.blocks = shown?.blocks ?? "asked";
    this.isBusy = this.#isStale = false;
    this.#states = undefined;
    this.#views = ready.lanes.map((lane, i) => new LaneView(this, i, lane));
    this.#lanes.replaceChildren(...this.#views.map(({ root }) => root));
    this.#main.classList.toggle("many", ready.lanes.length > FEW);
    this.time.show(shown?.x ?? this.time.all, 1);
    if (shown?.y) this.#views[0]?.show(shown.y);
    const count = operationsText(ready.operations);
    this.say(this.title);
    this.#notice.hidden = !ready.isCut;
    this.#notice.textContent = `Only the first ${count} are shown` +
      (this.opener.isPhone ? ": a small screen gets no more." : ".");
    this.#panel.reset(this.specs);
    this.#strip.reset(ready.lanes);
    this.#controls.reset(ready.marks);
    this.showLegend();
    this.redraw();
    this.go(shown?.op ?? ready.lanes[0]?.peakOp ?? 0);
  }

  async #askState(): Promise<void> {
    this.isBusy = true;
    this.#isStale = false;
    const { op, lanes } = this;
    const ready = this.#ready;
    const answer = await this.client.ask({ kind: "state", op });
    if (ready !== this.#ready) return;
    this.isBusy = false;
    if (answer.kind === "failed") return this.say(answer.line);
    if (answer.kind !== "states") return;
    if (answer.lanes.length < lanes.length) return; // something else is loaded
    this.#states = answer;
    if (!this.#isStale) { for (const view of this.#views) view.showPages(); }
    this.#panel.show(answer.lanes, !this.#isStale);
    if (this.#isStale) return void this.#askState();
    this.linker.soon();
    const specs = lanes.map(({ spec }) => spec);
    this.#announcer.tell(StatePanel.sentence(answer.lanes, specs));
  }

  /** The room or the colours have changed. */
  redraw(): void {
    this.#main.dataset.exact = "false";
    for (const view of this.#views) {
      view.refresh();
      view.moveCursor();
    }
    this.#strip.draw(this.lanes);
    this.#controls.update();
    this.linker.soon();
  }

  /** The window or the scheme of colours has changed. */
  resized(): void {
    this.showLegend();
    this.redraw();
    this.#panel.draw();
  }

  /** What is shown, for the address of the page. */
  get #fragment(): string | undefined {
    if (!this.#ready) return undefined;
    const { origin, specs, op, colour, blocks, time: { unit, x } } = this;
    const y = this.#views[0]?.y;
    return fragmentOf({
      origin,
      allocators: specs,
      op,
      axis: unit,
      colour,
      blocks,
      x,
      ...(y && { y }),
    });
  }

  /** What a picture has, from the top down. */
  get pictured(): HTMLElement[] {
    return [this.#lanes, this.#legend.root, this.#strip.root];
  }

  /** What is simulated. */
  get title(): string {
    const name = this.lessons.title ?? this.#ready?.name ?? "";
    return `${name}: ${operationsText(this.time.operations)}`;
  }

  /** Whether all pictures are those of the view. */
  get isExact(): boolean {
    return this.#views.every((view) => view.isExact);
  }

  /** What each lane said when it was ready. */
  get lanes(): readonly LaneFacts[] {
    return this.#ready?.lanes ?? [];
  }

  /** What each map shows, in operations by addresses. */
  get shownParts(): View[] {
    return this.#views.map(({ view }) => ({
      ...view,
      x0: this.time.opAt(view.x0),
      x1: this.time.opAt(view.x1),
    }));
  }
}
