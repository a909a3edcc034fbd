/**
 * `convert`: a trace in another form, or what an allocator makes of it in the
 * form of another tool.
 *
 * @module
 */
import { offersOf } from "../../allocators/capability.ts";
import { memoryOf, newHeap } from "../experiment/cell.ts";
import { checkOffers } from "../replay/needs.ts";
import { type Writer, WRITERS } from "../replay/writers.ts";
import { Failure, UsageError } from "../runner/failure.ts";
import { openTrace } from "../traces/open_trace.ts";
import { named } from "./arguments.ts";
import type { Command, Lab } from "./command.ts";
import { confined } from "./confined.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { orExplain } from "./other_command.ts";
import { loadSpecs, readSpecs } from "./spec_option.ts";

/** Heaps are made with this seed. */
const SEED = 1;

/** The command. */
export const convert: Command = {
  name: "convert",
  summary: "print a trace in the form of another tool",
  notes: {
    title: "Forms:",
    lines: WRITERS.map(({ name, summary }) => [name, summary]),
  },
  usage: ["TRACE [--as FORM] [--allocator SPEC] > file"],
  options: [
    { name: "as", value: "FORM", summary: "the form; rep" },
    {
      name: "allocator",
      value: "SPEC",
      summary: "whose heap ltrace, massif and chrome tell of; glibc",
    },
  ],
  examples: [
    "convert heaptrack.mine.42.raw.zst > mine.rep",
    "convert mine.rep --as massif --allocator glibc:version=2.41 > massif.out",
    "convert mine.rep --as chrome > mine.json",
  ],
  parse(args, { allocators }) {
    const [file, ...rest] = args.names;
    if (file === undefined || rest.length > 0) {
      throw new UsageError("convert expects one TRACE");
    }
    const writer = named("form", WRITERS, args.text("as") ?? "rep");
    const given = args.text("allocator");
    if (given !== undefined && !writer.replays) {
      throw new UsageError(`--as ${writer.name} tells of no allocator`);
    }
    const specs = readSpecs([given ?? "glibc"], allocators);
    if (specs.length > 1) throw new UsageError("convert expects one SPEC");
    return (lab) =>
      confined(
        lab,
        specs,
        [file],
        () => orExplain(() => run(lab, file, writer, specs[0]!)),
      );
  },
};

async function run(
  lab: Lab,
  file: string,
  writer: Writer,
  text: string,
): Promise<void> {
  const spec = (await loadSpecs(lab, [text])).parse(text);
  const trace = openTrace(file, () => openInput(lab, file));
  if (file === "-" && writer.passes > 1) {
    throw new Failure(`--as ${writer.name} reads its TRACE twice: name a file`);
  }
  if (writer.replays && file !== "-") await checkOffers(trace, offersOf(spec));
  const { heap, source } = newHeap(spec, SEED, memoryOf(spec));
  const subject = { name: spec.text, heap, source };
  for await (const piece of writer.write(trace, subject)) {
    lab.print(piece);
  }
  noteLeftOut(lab, file, trace);
}
