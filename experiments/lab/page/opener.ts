/**
 * Opens what is simulated: a lesson, a cell of an experiment, a trace of the page, a file, a workload,
 * typed requests, or whatever the address of the page says.
 *
 * @module
 */
/// <reference lib="dom" />
import type { Source } from "../protocol.ts";
import type { App } from "./app.ts";
import type { Embedded } from "./embedded.ts";
import { type Origin, type Shown, shownIn } from "./fragment.ts";
import { Loading } from "./loading.ts";

/** Operations at most; fewer on a phone. */
const MOST = 20_000_000;
const MOST_ON_A_PHONE = 1_000_000;
/** Pixels up to which a screen is that of a phone. */
const PHONE = 600;

/** Sends requests to the simulation, and waits for what it shows. */
export class Opener {
  readonly loading: Loading = new Loading(() => this.#cancel());
  /** What is to be shown of what is being loaded. */
  wanted: Shown | undefined;
  readonly traces: readonly Embedded[];
  readonly #app: App;
  /** What is to be shown of a file once it is chosen again. */
  #awaited: Shown | undefined;
  #done: (() => void) | undefined;

  constructor(app: App, traces: readonly Embedded[]) {
    this.#app = app;
    this.traces = traces;
  }

  /** Whether the screen is small, and with it, probably, the memory. */
  get isPhone(): boolean {
    return Math.min(screen.width, innerWidth) < PHONE;
  }

  /** Opens what the fragment of an address says; else the first trace, or a lesson. */
  async restore(fragment: string): Promise<void> {
    const app = this.#app;
    const shown = shownIn(fragment);
    if (shown?.origin.kind === "lesson") {
      return await app.lessons.open(shown.origin.id, shown.origin.step);
    }
    if (shown?.origin.kind === "file") {
      this.#awaited = shown;
      app.setup.open = true;
      return app.say(`Choose or drop the file ${shown.origin.name} again`);
    }
    if (shown) return await this.open(shown.origin, shown.allocators, shown);
    const [first] = this.traces;
    if (!first) return await app.lessons.open();
    const spec = first.ofPages ? "linux_buddy" : "glibc";
    await this.open({ kind: "trace", number: 0 }, [spec]);
  }

  /** Simulates; resolves once it is shown. */
  async open(
    origin: Origin,
    specs: readonly string[],
    shown?: Shown,
  ): Promise<void> {
    const source = this.#sourceOf(origin);
    if (source) return await this.load(origin, source, specs, shown);
    this.#app.say("There is no such trace in this page");
  }

  /** Simulates the trace in a file that somebody chose or dropped. */
  async openFile(file: File, specs: readonly string[]): Promise<void> {
    const { name } = file;
    const bytes = await file.arrayBuffer().catch(() => undefined);
    if (!bytes) return this.#app.say(`${name}: cannot be read`);
    const awaited = this.#awaited;
    this.#awaited = undefined;
    const shown = awaited?.origin.kind === "file" &&
        awaited.origin.name === name
      ? awaited
      : undefined;
    await this.load(
      { kind: "file", name },
      { kind: "file", name, bytes },
      shown?.allocators ?? specs,
      shown,
    );
  }

  /** Simulates `source`; resolves once it is shown, or cannot be. */
  load(
    origin: Origin,
    source: Source,
    specs: readonly string[],
    shown?: Shown,
  ): Promise<void> {
    const app = this.#app;
    app.begin(origin, specs);
    this.wanted = shown;
    this.finish();
    const done = new Promise<void>((resolve) => this.#done = resolve);
    this.loading.begin();
    app.say("Simulating ...");
    const maxOperations = this.isPhone ? MOST_ON_A_PHONE : MOST;
    const transfer = source.kind === "file" ? [source.bytes] : [];
    app.client.send(
      { kind: "load", source, allocators: [...specs], maxOperations },
      transfer,
    );
    return done;
  }

  /** What was loaded is shown, or will not be. */
  finish(): void {
    this.#done?.();
    this.#done = undefined;
  }

  #cancel(): void {
    this.#app.client.send({ kind: "cancel" });
    this.#app.end("Cancelled");
  }

  #sourceOf(origin: Origin): Source | undefined {
    if (origin.kind === "workload" || origin.kind === "text") return origin;
    if (origin.kind === "cell") {
      const files = this.traces.map(({ name, bytes }) => ({
        name,
        bytes: bytes(),
      }));
      return { ...origin, files };
    }
    const trace = origin.kind === "trace" && this.traces[origin.number];
    return trace
      ? { kind: "file", name: trace.name, bytes: trace.bytes() }
      : undefined;
  }
}
