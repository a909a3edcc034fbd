/**
 * The page: what is shown, and who is told when that changes.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Answer, Axis, Colour, Question, Source } from "../protocol.ts";
import { Client } from "./client.ts";
import { Controls } from "./controls.ts";
import { Announcer } from "./announcer.ts";
import { BlocksTable } from "./blocks_table.ts";
import { h } from "./dom.ts";
import type { Embedded } from "./embedded.ts";
import { fragmentOf, type Origin, type Shown, shownIn } from "./fragment.ts";
import { Loading } from "./loading.ts";
import { type LaneFacts, LaneView } from "./lane_view.ts";
import { Legend } from "./legend.ts";
import { LessonPanel } from "./lesson_panel.ts";
import { countText, type Range, showing, zoomed } from "./ranges.ts";
import { savingTools } from "./saving.ts";
import { Setup } from "./setup.ts";
import { StatePanel } from "./state_panel.ts";
import { Strip } from "./strip.ts";
import { TimeAxis } from "./time_axis.ts";

type Ready = Answer & { kind: "ready" };
type Find = (Question & { kind: "find" })["what"];

/** Operations at most; fewer on a phone. */
const MOST = 20_000_000;
const MOST_ON_A_PHONE = 1_000_000;
const PHONE = 600;
/** Heaps up to which maps stand one below the other, with what is known beside. */
const FEW = 2;
/** Milliseconds until the address of the page follows. */
const LINK = 300;

/** All of it. */
export class App {
  readonly client: Client;
  op = 0;
  specs: string[] = [];
  colour: Colour = "kind";
  /** The axis that all maps share. */
  time: TimeAxis = new TimeAxis();
  /** Where the requests come from, for links. */
  origin: Origin = { kind: "text", text: "" };
  /** Whether the state at the cursor is still to come. */
  isBusy = false;

  readonly #traces: readonly Embedded[];
  readonly #announcer = new Announcer();
  readonly #loading = new Loading(() => this.#stop());
  readonly #setup = h("details", { class: "panel" }, h("summary", {}, "Setup"));
  readonly #main = h("main", { hidden: true });
  readonly #lanes = h("div", { class: "lanes" });
  readonly #legend = new Legend();
  readonly #notice = h("p", { class: "notice", hidden: true });
  readonly #blocks = new BlocksTable(this);
  readonly #controls = new Controls(this);
  readonly #strip = new Strip(this);
  readonly #panel = new StatePanel(this);
  readonly #lessons = new LessonPanel(this);
  #views: LaneView[] = [];
  #ready: Ready | undefined;
  #wanted: Shown | undefined;
  #states: Answer & { kind: "states" } | undefined;
  #isStale = false;
  #pending: { resolve(): void } | undefined;
  /** What is to be shown of a file once it is chosen again. */
  #awaited: Shown | undefined;
  #linking: ReturnType<typeof setTimeout> | undefined;

  /** Starts the simulation and fills `root`. */
  constructor(root: HTMLElement, code: string, traces: readonly Embedded[]) {
    this.#traces = traces;
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
        this.#blocks.root,
      ),
      this.#panel.root,
    );
    root.append(
      h(
        "header",
        {},
        h("h1", {}, "Fraglab lab"),
        this.#announcer.root,
        this.#loading.root,
      ),
      this.#lessons.root,
      this.#setup,
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

  /** Opens what the fragment of an address says; else the first trace, or a lesson. */
  async restore(fragment: string): Promise<void> {
    const shown = shownIn(fragment);
    if (shown?.origin.kind === "lesson") {
      return await this.#lessons.open(shown.origin.id, shown.origin.step);
    }
    if (shown?.origin.kind === "file") {
      this.#awaited = shown;
      this.#setup.open = true;
      return this.say(`Choose or drop the file ${shown.origin.name} again`);
    }
    if (!shown) {
      if (this.#traces.length === 0) return await this.#lessons.open();
      return await this.open({ kind: "trace", number: 0 }, ["glibc"]);
    }
    await this.open(shown.origin, [...shown.allocators], shown);
  }

  /** Simulates; resolves once it is shown. */
  open(origin: Origin, specs: string[], shown?: Shown): Promise<void> {
    const source = this.#sourceOf(origin);
    if (!source) return Promise.resolve();
    return this.load(origin, source, specs, shown);
  }

  /** Simulates the trace in a file that somebody chose or dropped. */
  async openFile(file: File, specs: string[]): Promise<void> {
    const { name } = file;
    const bytes = await file.arrayBuffer().catch(() => undefined);
    if (!bytes) return this.say(`${name}: cannot be read`);
    const awaited = this.#awaited;
    this.#awaited = undefined;
    const isAwaited = awaited?.origin.kind === "file" &&
      awaited.origin.name === name;
    await this.load(
      { kind: "file", name },
      { kind: "file", name, bytes },
      isAwaited ? [...awaited.allocators] : specs,
      isAwaited ? awaited : undefined,
    );
  }

  /** Simulates `source`; resolves once it is shown. */
  load(
    origin: Origin,
    source: Source,
    specs: string[],
    shown?: Shown,
  ): Promise<void> {
    this.#controls.stop();
    this.origin = origin;
    this.#wanted = shown;
    this.specs = specs;
    this.#pending?.resolve();
    const done = new Promise<void>((resolve) => this.#pending = { resolve });
    this.#loading.begin();
    this.say("Simulating ...");
    const maxOperations = this.#isPhone ? MOST_ON_A_PHONE : MOST;
    const transfer = source.kind === "file" ? [source.bytes] : [];
    this.client.send(
      { kind: "load", source, allocators: specs, maxOperations },
      transfer,
    );
    return done;
  }

  get #isPhone(): boolean {
    return Math.min(screen.width, innerWidth) < PHONE;
  }

  /** Moves the cursor, and the view if that does not show it. */
  go(op: number): void {
    this.op = Math.max(0, Math.min(this.time.operations, Math.round(op)));
    const x = showing(this.time.x, this.cursorX);
    if (x !== this.time.x) this.setX(x);
    this.#controls.update();
    this.#strip.draw(this.lanes);
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

  /** Says what the colours of the maps mean. */
  showLegend(): void {
    const { clients = [], sites = [] } = this.#ready ?? {};
    this.#legend.show(this.colour, { clients, sites }, this.dark);
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
    this.#announcer.tell(answer.block.words.join(". "));
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
    const view = this.#views[0]?.view;
    if (!view) return;
    const [x0, x1] = [this.time.opAt(view.x0), this.time.opAt(view.x1)];
    this.find({ smallestAt: { ...view, x0, x1 } });
  }

  /** Says a line to everybody. */
  say(line: string): void {
    this.#announcer.say(line);
  }

  /** A picture has come. */
  drawn(): void {
    if (!this.#views.every((view) => view.isExact)) return;
    this.#main.dataset.exact = "true";
    this.#blocks.update();
    this.#pending?.resolve();
    this.#pending = undefined;
  }

  #hear(answer: Answer): void {
    switch (answer.kind) {
      case "catalogue":
        this.#setup.append(
          new Setup(
            this,
            answer,
            this.origin,
            this.specs,
            this.#traces.map(({ name }) => name),
          ).root,
        );
        return;
      case "progress":
        this.#loading.update(answer.done, answer.total);
        return this.say(`Simulating: ${countText(answer.done)} operations`);
      case "failed":
        this.#end();
        return this.say(answer.line);
      case "ready":
        return this.#show(answer);
    }
  }

  #show(ready: Ready): void {
    this.#ready = ready;
    this.#loading.end();
    this.#main.hidden = false;
    this.#controls.transport.hidden = false;
    delete this.#main.dataset.exact;
    this.time = new TimeAxis(ready);
    const shown = this.#wanted;
    this.time.unit = shown?.axis ?? "op";
    this.colour = shown?.colour ?? "kind";
    this.isBusy = this.#isStale = false;
    this.#states = undefined;
    this.#views = ready.lanes.map((lane, i) => new LaneView(this, i, lane));
    this.#lanes.replaceChildren(...this.#views.map(({ root }) => root));
    this.#main.classList.toggle("many", ready.lanes.length > FEW);
    this.time.show(shown?.x ?? this.time.all, 1);
    if (shown?.y) this.#views[0]?.show(shown.y);
    const count = `${countText(ready.operations)} operations`;
    this.say(`${ready.name}: ${count}`);
    this.#notice.hidden = !ready.isCut;
    this.#notice.textContent = `Only the first ${count} are shown` +
      (this.#isPhone ? ": a small screen gets no more." : ".");
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
    const { op } = this;
    const ready = this.#ready;
    const answer = await this.client.ask({ kind: "state", op });
    if (ready !== this.#ready) return;
    this.isBusy = false;
    if (answer.kind === "failed") return this.say(answer.line);
    if (answer.kind !== "states") return;
    this.#states = answer;
    this.#panel.show(answer.lanes);
    if (this.#isStale) return void this.#askState();
    this.#linkSoon();
    this.#announcer.tell(StatePanel.sentence(answer.lanes, this.specs));
    for (const view of this.#views) view.showPages();
  }

  /** The room or the colours have changed. */
  redraw(): void {
    for (const view of this.#views) {
      view.refresh();
      view.moveCursor();
    }
    this.#strip.draw(this.lanes);
    this.#controls.update();
    this.#linkSoon();
  }

  /** The window or the scheme of colours has changed. */
  resized(): void {
    this.showLegend();
    this.redraw();
    this.#panel.draw();
  }

  #sourceOf(origin: Origin): Source | undefined {
    if (origin.kind === "workload" || origin.kind === "text") return origin;
    const trace = origin.kind === "trace" && this.#traces[origin.number];
    if (trace) return { kind: "file", name: trace.name, bytes: trace.bytes() };
    this.say("There is no such trace in this page");
    return undefined;
  }

  #stop(): void {
    this.client.send({ kind: "cancel" });
    this.#end();
    this.say("Cancelled");
  }

  /** There is nothing to show. */
  #end(): void {
    this.#loading.end();
    this.#main.hidden = true;
    this.#controls.transport.hidden = true;
    this.#ready = undefined;
    this.#views = [];
    this.#pending?.resolve();
    this.#pending = undefined;
  }

  /** The address of the page tells what is shown. */
  link(): void {
    clearTimeout(this.#linking);
    if (!this.#ready) return;
    const y = this.#views[0]?.y;
    const fragment = fragmentOf({
      origin: this.origin,
      allocators: this.specs,
      op: this.op,
      axis: this.time.unit,
      colour: this.colour,
      x: this.time.x,
      ...(y && { y }),
    });
    history.replaceState(null, "", `#${fragment}`);
  }

  /** Browsers take few changes of an address in a second. */
  #linkSoon(): void {
    clearTimeout(this.#linking);
    this.#linking = setTimeout(() => this.link(), LINK);
  }

  /** The pictures, from the top down. */
  get canvases(): HTMLCanvasElement[] {
    const maps = this.#views.map(({ canvas }) => canvas);
    return [...maps, ...this.#strip.root.querySelectorAll("canvas")];
  }

  /** What each lane said when it was ready. */
  get lanes(): readonly LaneFacts[] {
    return this.#ready?.lanes ?? [];
  }

  /** The blocks that the first map shows. */
  async blocksInView() {
    const view = this.#views[0]?.view;
    if (!view) return undefined;
    const [x0, x1] = [this.time.opAt(view.x0), this.time.opAt(view.x1)];
    const answer = await this.client.ask({
      kind: "table",
      lane: 0,
      view: { ...view, x0, x1 },
    });
    return answer.kind === "table" ? answer : undefined;
  }
}
