/**
 * The lab without a page: answers the questions of `protocol.ts`, one after
 * the other.
 *
 * Long work is done in slices, so that a question that comes meanwhile is heard
 * and can cancel it.
 *
 * @module
 */
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import type { Experiment } from "../experiment/experiment.ts";
import { catalogue } from "./catalogue.ts";
import { draw, topSites } from "./draw.ts";
import { find } from "./find.ts";
import { addressAt, heightOf } from "./folds.ts";
import { Lane } from "./lane.ts";
import { paletteOf } from "./palette.ts";
import type { Answer, BlockRow, Question, Source, View } from "./protocol.ts";
import { Requests } from "./requests.ts";
import { traceOf } from "./sources.ts";
import { blockWords, rectangleAt, stateOf } from "./states.ts";
import { Usable } from "./usable.ts";
import { blocksIn, COLUMNS, csvOf, rowOf } from "./tables.ts";

/** Bytes that the snapshots of all lanes may take. */
const BUDGET = 256 * 2 ** 20;
/** Milliseconds of work between two looks at what was asked meanwhile. */
const SLICE = 50;
/** Rows of a table. */
const MOST_ROWS = 500;
/** The curves under the map, as the samples name them. */
const SERIES = [
  "clock_bytes",
  "requested_bytes",
  "footprint_bytes",
  "resident_bytes",
  "internal_ratio",
  "external_ratio",
  "overhead_ratio",
] as const;

/** What the simulation needs from where it runs. */
export interface Host {
  /** Sends an answer; `transfer` goes along without a copy. */
  post(answer: Answer, transfer?: Transferable[]): void;
  /** Lets others have their turn. */
  pause(): Promise<void>;
  /** Milliseconds, for slices only: no result depends on them. */
  now(): number;
}

/** Somebody asked for something else. */
class Cancelled extends Error {}

/** Lanes, and what is asked about them. */
export class Simulation {
  private readonly host: Host;
  private readonly experiments: readonly Experiment[];
  private lanes: Lane[] = [];
  private requests = new Requests("");
  private readonly lengths = new WeakMap<Lane, Usable>();
  /** Counts what was loaded or cancelled: work of an older number ends. */
  private turn = 0;

  /** Nothing is loaded; cells may be of `experiments`. */
  constructor(host: Host, experiments: readonly Experiment[] = []) {
    this.host = host;
    this.experiments = experiments;
  }

  /** Answers `question`; errors that are no defect become one line. */
  async ask(question: Question): Promise<void> {
    try {
      await this.answer(question);
    } catch (error) {
      if (error instanceof Cancelled) return;
      const isKnown = error instanceof SyntaxError ||
        error instanceof RangeError;
      const line = isKnown ? error.message : `A defect of the lab: ${error}`;
      this.host.post({
        kind: "failed",
        line: line.split("\n")[0]!,
        ...("ticket" in question && { ticket: question.ticket }),
      });
    }
  }

  private async answer(question: Question): Promise<void> {
    switch (question.kind) {
      case "list":
        return this.host.post(catalogue());
      case "load":
        return await this.load(question);
      case "cancel":
        this.turn++;
        return;
      case "draw":
        return await this.draw(question);
      case "pages":
        return this.pages(question);
      case "state": {
        const { ticket, op } = question;
        const lanes = this.lanes.map((lane) =>
          stateOf(lane, Math.min(op, lane.end))
        );
        return this.host.post({ kind: "states", ticket, lanes });
      }
      case "find":
        return this.find(question);
      case "block":
        return this.block(question);
      case "table":
        return this.table(question);
      case "csv":
        return await this.csv(question);
    }
  }

  private lane(number: number): Lane {
    const lane = this.lanes[number];
    if (lane) return lane;
    throw new RangeError(`There is no allocator number ${number + 1}`);
  }

  private async load(
    { source, allocators, maxOperations }: Question & { kind: "load" },
  ): Promise<void> {
    const turn = ++this.turn;
    this.lanes = [];
    const slice = this.slices(turn);
    const { experiments } = this;
    const trace = await traceOf(source, experiments, allocators[0]!);
    const requests = await Requests.of(trace, maxOperations, async (done) => {
      if (await slice()) this.progress(done, 0);
    });
    this.requests = requests;
    const total = requests.length * allocators.length;
    const lanes: Lane[] = [];
    for (const text of allocators) {
      const lane = new Lane(
        parseSpec(text, ALLOCATORS),
        requests,
        BUDGET / allocators.length,
      );
      while (lane.record()) {
        if (!await slice()) continue;
        this.progress(lanes.length * requests.length + lane.at, total);
      }
      lanes.push(lane);
    }
    this.lanes = lanes;
    this.ready(source, allocators);
    await this.prepare(turn);
  }

  /** Tells whether a slice is over; then others have had their turn. */
  private slices(turn: number): () => Promise<boolean> {
    let begun = this.host.now();
    return async () => {
      if (this.host.now() - begun < SLICE) return false;
      await this.host.pause();
      if (turn !== this.turn) throw new Cancelled();
      begun = this.host.now();
      return true;
    };
  }

  /** Takes snapshots while nobody asks. */
  private async prepare(turn: number): Promise<void> {
    for (let more = true; more;) {
      more = false;
      for (const lane of this.lanes) {
        await this.host.pause();
        if (turn !== this.turn) return;
        if (lane.prepare()) more = true;
      }
    }
  }

  private progress(done: number, total: number): void {
    this.host.post({ kind: "progress", done, total });
  }

  private ready(source: Source, allocators: readonly string[]): void {
    const { requests } = this;
    this.host.post({
      kind: "ready",
      name: source.kind === "workload" ? source.name : requests.name,
      operations: requests.length,
      bytes: requests.bytesBefore(requests.length),
      isCut: requests.isCut,
      marks: requests.marks,
      lanes: this.lanes.map((lane, i) => {
        const top = lane.folds.at(-1);
        const x = Float64Array.from(lane.samples, ({ op }) => op);
        return {
          spec: allocators[i]!,
          folds: lane.folds,
          height: top ? top.y + top.bytes : 0,
          used: usedOf(lane),
          ...(lane.failure !== undefined && { failure: lane.failure }),
          peakOp: lane.peakOp,
          series: SERIES.flatMap((name) => {
            if (lane.samples[0]?.[name] === undefined) return [];
            const y = Float64Array.from(lane.samples, (row) => row[name]!);
            return [{ name, x, y }];
          }),
        };
      }),
      clients: [...new Set(requests.changes.map(({ name }) => name))],
      sites: topSites(requests).map((site) => requests.sites[site] ?? ""),
    });
  }

  private async draw(question: Question & { kind: "draw" }): Promise<void> {
    const { ticket, lane: number, view, blocks } = question;
    const lane = this.lane(number);
    const bytes = blocks === "whole" ? await this.usable(lane) : undefined;
    this.show(ticket, number, view, draw(lane, question, bytes));
  }

  /** The usable bytes of the blocks of `lane`; found when they are first asked for. */
  private async usable(lane: Lane): Promise<Float64Array> {
    const usable = this.lengths.get(lane) ?? new Usable(lane);
    this.lengths.set(lane, usable);
    const slice = this.slices(this.turn);
    while (usable.more()) await slice();
    return usable.bytes;
  }

  /** Which pages are resident at an instant: a line of pixels, as wide as the view is high. */
  private pages(question: Question & { kind: "pages" }): void {
    const { ticket, lane: number, view, width, height, dark, op } = question;
    const lane = this.lane(number);
    lane.goTo(Math.min(op, lane.end));
    const palette = paletteOf(dark);
    const pixels = new Uint8ClampedArray(4 * width * height);
    const { source } = lane;
    const perPixel = (view.y1 - view.y0) / (width * height);
    for (let i = 0; i < width * height; i++) {
      const from = addressAt(lane.folds, view.y0 + i * perPixel);
      const to = Math.max(from + 1, from + perPixel);
      const there = source?.residentBytesIn?.(from, to - from) ?? to - from;
      const share = there / (to - from);
      const [r, g, b] = palette.between[1]!.map((ground, c) =>
        ground + share * (palette.live[c]! - ground)
      );
      pixels.set([r!, g!, b!, 255], 4 * i);
    }
    this.show(ticket, number, view, pixels);
  }

  private show(
    ticket: number,
    lane: number,
    view: View,
    pixels: Uint8ClampedArray,
  ): void {
    const buffer = pixels.buffer as ArrayBuffer;
    const drawn = {
      kind: "drawn",
      ticket,
      lane,
      view,
      pixels: buffer,
    } as const;
    this.host.post(drawn, [buffer]);
  }

  private find(question: Question & { kind: "find" }): void {
    const { ticket, lane, what } = question;
    this.host.post({ kind: "found", ticket, ...find(this.lane(lane), what) });
  }

  private block(question: Question & { kind: "block" }): void {
    const { ticket, lane: number, op, address } = question;
    const lane = this.lane(number);
    lane.goTo(Math.min(op, lane.end));
    let row: BlockRow = { address, bytes: 0, kind: "foreign" };
    lane.heap.walk((start, bytes, kind) => {
      if (start <= address && address < start + Math.max(1, bytes)) {
        row = { address: start, bytes, kind };
      }
    });
    const i = row.kind === "live"
      ? rectangleAt(lane, op, heightOf(lane.folds, row.address))
      : -1;
    const { rectangles, requests, end } = lane;
    const words = i >= 0
      ? blockWords(lane, i)
      : [row.bytes === 0 ? "nothing of the heap" : `${row.bytes} bytes`];
    const site = i < 0 ? 0 : requests.siteAt(rectangles.birth[i]! - 1);
    this.host.post({
      kind: "block",
      ticket,
      block: {
        ...row,
        words,
        ...(i >= 0 && {
          id: `${i}`,
          requested: rectangles.bytes[i]!,
          usable: lane.heap.usableSize(row.address),
          born: rectangles.birth[i]!,
        }),
        ...(i >= 0 && rectangles.death[i]! <= end &&
          { died: rectangles.death[i]! }),
        ...(site > 0 && { site: requests.sites[site] ?? "" }),
      },
    });
  }

  private table(question: Question & { kind: "table" }): void {
    const { ticket, lane: number, view } = question;
    const lane = this.lane(number);
    const found = blocksIn(lane, view);
    const rows = found.slice(0, MOST_ROWS).map((i) => rowOf(lane, i));
    this.host.post({
      kind: "table",
      ticket,
      columns: [...COLUMNS],
      rows,
      isCut: rows.length < found.length,
    });
  }

  /** All blocks of some views as CSV; others have their turn meanwhile. */
  private async csv({ ticket, views }: Question & { kind: "csv" }) {
    const slice = this.slices(this.turn);
    const head = `allocator,${COLUMNS.join()}\n`;
    const pieces = [new TextEncoder().encode(head)];
    let rows = 0;
    for (const [number, view] of views.entries()) {
      const lane = this.lane(number);
      const found = blocksIn(lane, view);
      rows += found.length;
      for (const piece of csvOf(lane, found)) {
        pieces.push(piece);
        await slice();
      }
    }
    const buffers = pieces.map(({ buffer }) => buffer);
    this.host.post({ kind: "csv", ticket, rows, pieces: buffers }, buffers);
  }
}

/** Where blocks of the program ever lay. */
function usedOf({ rectangles: { address, length }, rectangles }: Lane) {
  let from = length > 0 ? Infinity : 0;
  for (let i = 0; i < length; i++) from = Math.min(from, address[i]!);
  return { from, to: rectangles.top() };
}
