/**
 * `step`: the heap after each request, as text, under several allocators.
 *
 * @module
 */
import { FlatSource } from "../../allocators/pages.ts";
import { newHeap } from "../experiment/cell.ts";
import { LEGEND } from "../replay/heap_line.ts";
import { SLOT_LEGEND } from "../replay/slab_lines.ts";
import { checkOffers } from "../replay/needs.ts";
import { Session } from "../replay/replay.ts";
import { type Contestant, stepsOf } from "../replay/steps.ts";
import { offersOf } from "../../allocators/capability.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { openTrace } from "../traces/open_trace.ts";
import { readRep } from "../traces/rep_reader.ts";
import type { Trace } from "../traces/trace.ts";
import { wholeOption } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { confined } from "./confined.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { ALLOCATOR, loadSpecs, readSpecs } from "./spec_option.ts";

/** Heaps are made with this seed. */
const SEED = 1;
/** Requests as OSTEP's malloc.py has them. */
const OSTEP = /^[+-]\d+(?:,[+-]\d+)*$/;

/** What was asked for. */
interface Request {
  file: string | undefined;
  ops: string | undefined;
  specs: readonly string[];
  base: number;
  most: number;
}

/** The command. */
export const step: Command = {
  name: "step",
  summary: "the heap after each request, in words: for small traces",
  notes: {
    title: "Signs, and the forms of a request (all: README):",
    lines: [
      ...LEGEND,
      ...SLOT_LEGEND,
      ["a ID SIZE, c, r, f ID", "malloc, calloc, realloc, free"],
      ["+SIZE,-N", "as in OSTEP's malloc.py: malloc; free of the Nth malloc"],
    ],
  },
  usage: [
    "TRACE --allocator SPEC,SPEC [options]",
    "--ops 'a 0 16; a 1 32; f 0' --allocator SPEC,SPEC [options]",
  ],
  options: [
    ALLOCATOR,
    { name: "ops", value: "REQUESTS", summary: "requests, with ; in between" },
    {
      name: "base",
      value: "ADDRESS",
      summary: "where the heap begins; 0",
    },
    {
      name: "most",
      value: "N",
      summary: "show the first N requests; 200",
    },
  ],
  examples: [
    "step --ops 'a 0 16; a 1 32; f 0; a 2 8' --allocator first_fit,best_fit",
    "step --ops +10,+20,-0,+5 --base 1000 --allocator " +
    "free_list:size=100:coalesce=off,free_list:policy=best:size=100:coalesce=off",
    "step mine.rep --allocator glibc",
  ],
  parse(args, { allocators }) {
    const [file, ...rest] = args.names;
    const ops = args.text("ops");
    if (rest.length > 0 || (file === undefined) === (ops === undefined)) {
      throw new UsageError("step expects one TRACE, or --ops");
    }
    const specs = readSpecs(args.all("allocator"), allocators);
    if (specs.length === 0) throw new UsageError("step expects --allocator");
    const range = { low: 0, high: 2 ** 40 };
    const request: Request = {
      file,
      ops,
      specs,
      base: wholeOption(args, "base", { ...range, fallback: 0 }),
      most: wholeOption(args, "most", { ...range, fallback: 200 }),
    };
    return (lab) =>
      confined(
        lab,
        specs,
        file === undefined ? [] : [file],
        () => orExplain(() => run(lab, request)),
      );
  },
};

async function run(lab: Lab, request: Request): Promise<void> {
  const { file, ops, specs, base, most } = request;
  const known = await loadSpecs(lab, specs);
  const lines = ops === undefined ? [] : linesOf(ops);
  const opened = file === undefined
    ? undefined
    : openTrace(file, () => openInput(lab, file));
  const trace = opened ?? typed(lines);
  const heaps: Contestant[] = [];
  for (const text of specs) {
    const spec = known.parse(text);
    await checkOffers(trace, offersOf(spec));
    const source = new FlatSource();
    source.sbrk(base);
    try {
      const { heap } = newHeap(spec, SEED, source);
      const session = new Session(heap, source);
      heaps.push({ title: spec.text, name: spec.entry.name, heap, session });
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Failure(`${spec.text}: ${error.message}`);
    }
  }
  const line = (number: number) => lines[number - 1];
  for await (const text of stepsOf(trace, heaps, { most, line })) {
    lab.print(text);
  }
  if (opened) noteLeftOut(lab, file!, opened);
}

/** The lines of a `.rep` trace that `ops` stands for. */
function linesOf(ops: string): string[] {
  if (!OSTEP.test(ops.trim())) return ops.split(";").map((op) => op.trim());
  let objects = 0;
  return ops.trim().split(",").map((op) =>
    op.startsWith("+") ? `a ${objects++} ${op.slice(1)}` : `f ${op.slice(1)}`
  );
}

/** The trace with such lines. */
function typed(lines: readonly string[]): Trace {
  const text = new TextEncoder().encode(lines.join("\n") + "\n");
  return readRep("--ops", () => [text]);
}
