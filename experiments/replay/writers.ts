/**
 * Every form in which a trace, or what a heap makes of it, can be written: the
 * counterpart of `FORMATS`. A new one is a function, and an entry here.
 *
 * @module
 */
import type { Allocator } from "../../allocators/allocator.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { writeBuffers } from "../traces/buffer_writer.ts";
import { writeRep } from "../traces/rep_writer.ts";
import type { Trace } from "../traces/trace.ts";
import { chromeText, COUNTERS } from "./chrome.ts";
import { curveOf } from "./curve.ts";
import { ltraceText } from "./ltrace_text.ts";
import { massifText, SNAPSHOTS } from "./massif.ts";
import { Session } from "./replay.ts";

/** A heap to replay in. */
export interface Subject {
  /** What it is called. */
  name: string;
  /** The heap, with nothing in it. */
  heap: Allocator;
  /** Its memory. */
  source: PageSource;
}

/** A form. */
export interface Writer {
  /** What it is called. */
  name: string;
  /** What it is good for, for help. */
  summary: string;
  /** Whether it tells of a heap: then the trace is replayed in one. */
  replays: boolean;
  /** How often the trace is taken through. */
  passes: number;
  /** The text of `trace`, in `subject` if it is replayed. */
  write(trace: Trace, subject: Subject): AsyncIterable<string>;
}

/** In the order of help. */
export const WRITERS: readonly Writer[] = [
  {
    name: "rep",
    summary: "a .rep trace, the form of this lab",
    replays: false,
    passes: 2,
    write: (trace) => writeRep(trace),
  },
  {
    name: "minimalloc",
    summary: "CSV of buffers with lifetimes",
    replays: false,
    passes: 1,
    write: (trace) => writeBuffers(trace),
  },
  {
    name: "ltrace",
    summary: "calls and addresses as ltrace prints them: villoc draws them",
    replays: true,
    passes: 1,
    write: (trace, { heap, source }) =>
      ltraceText(trace, new Session(heap, source)),
  },
  {
    name: "massif",
    summary: "massif.out, for ms_print and massif-visualizer",
    replays: true,
    passes: 1,
    async *write(trace, subject) {
      const curve = await curveOf(trace, subject, SNAPSHOTS);
      yield massifText(trace, subject.name, curve);
    },
  },
  {
    name: "chrome",
    summary: "JSON counters, for ui.perfetto.dev and chrome://tracing",
    replays: true,
    passes: 1,
    async *write(trace, subject) {
      const curve = await curveOf(trace, subject, COUNTERS);
      yield chromeText(trace, subject.name, curve);
    },
  },
];
