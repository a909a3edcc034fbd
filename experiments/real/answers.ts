/**
 * The simulated glibc and the real one on the same requests, answer by answer:
 * address, usable size, break, mallinfo2's figures, resident pages, faults.
 *
 * Payload is written in both.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { AddressSpace } from "../../allocators/os/address_space.ts";
import { LAYOUT_32, LAYOUT_64 } from "../../allocators/os/layout.ts";
import { csv } from "../measures/csv.ts";
import { addressLines } from "../replay/addresses.ts";
import { Session } from "../replay/replay.ts";
import { parseMaps } from "../traces/maps.ts";
import type { Trace } from "../traces/trace.ts";
import { BITS, type GeometryName, type Oracle } from "./glibc.ts";

/** What is compared. */
export interface Sides {
  /** The simulated glibc. */
  spec: Spec;
  /** The real one. */
  oracle: Oracle;
  /** Its settings, as GLIBC_TUNABLES has them. */
  tuning: readonly string[];
  /** The requests as `.rep` text, which both read. */
  file: string;
  trace: Trace;
  /** Operations between figures. */
  every: number;
}

/** Figures of both sides at one instant. */
type Pair = Record<"real" | "simulated", Figures>;

/** What an S line says; pages and faults since the first one. */
interface Figures {
  op: number;
  break: number;
  report: string;
  pages: number;
  faults: number;
}

/** Where both sides differ. */
export interface Differences {
  operations: number;
  /** Answers that differ. */
  lines: number;
  /** The first that does. */
  first?: Record<"real" | "simulated", string | undefined>;
  /** Instants at which a figure differs. */
  figures: number;
  /** At all instants. */
  pairs: readonly Pair[];
}

/** Lines without what depends on the process: V and # lines, distances. */
function linesOf(output: string): string[] {
  return output.split("\n").filter((line) => /^[^V#]/.test(line)).map(
    (line) => {
      const words = line.split(" ");
      if (words[1] === "M" || words[1] === "X") words.length = 4;
      return words.join(" ");
    },
  );
}

function figuresOf(all: readonly string[]): Figures[] {
  const rows = all.filter((line) => line.startsWith("S ")).map((line) =>
    line.split(" ")
  );
  const [first] = rows;
  return rows.map((words) => ({
    op: Number(words[1]),
    break: parseInt(words[2]!, 16),
    report: words.slice(3, 12).join(" "),
    pages: Number(words[12]) - Number(first![12]),
    faults: Number(words[13]) - Number(first![13]),
  }));
}

/** Replays the requests on both sides. */
export async function differences(
  { spec, oracle, tuning, file, trace, every }: Sides,
): Promise<Differences> {
  const { geometry } = oracle;
  const output = await oracle.run(file, tuning, ["-s", `${every}`]);
  // Residency from a run of its own: printing answers takes pages, too.
  const quiet = await oracle.run(file, tuning, ["-q", "-w", "-s", `${every}`]);
  const layout = {
    ...BITS[geometry as GeometryName] === 64 ? LAYOUT_64 : LAYOUT_32,
    ...parseMaps("the real process", output),
  };
  const source = new AddressSpace({ layout });
  const heap = spec.entry.create(spec.values, { source, draw: () => 0 });
  const subject = { heap, source, start: source.sbrk(0), process: true };
  const session = new Session(heap, source, { touch: "all" });
  const answers = { every, explain: false, resident: true };
  let printed = "";
  for await (const piece of addressLines(trace, session, subject, answers)) {
    printed += piece;
  }
  const real = linesOf(output);
  const simulated = linesOf(printed);
  const found: number[] = [];
  const answer = (line?: string) => line?.startsWith("S ") ? "" : line;
  for (let i = 0; i < Math.max(real.length, simulated.length); i++) {
    if (answer(real[i]) !== answer(simulated[i])) found.push(i);
  }
  const [first] = found;
  const others = figuresOf(simulated);
  const pairs = figuresOf(linesOf(quiet)).map((real, i) => ({
    real,
    simulated: others[i]!,
  }));
  return {
    operations: session.op,
    lines: found.length,
    ...(first !== undefined && {
      first: { real: real[first], simulated: simulated[first] },
    }),
    figures:
      pairs.filter(({ real, simulated }) =>
        real.break !== simulated?.break || real.report !== simulated.report
      ).length,
    pairs,
  };
}

/** The differences in words. */
export function differenceText(
  { lines, figures, pairs, first }: Differences,
): string {
  const { real, simulated } = pairs.at(-1)!;
  const apart = Math.max(
    ...pairs.map(({ real, simulated }) =>
      Math.abs(real.pages - simulated.pages)
    ),
  );
  return [
    `lines that differ       ${lines}`,
    `figures that differ     ${figures} of ${pairs.length}`,
    `resident pages          real ${real.pages}, simulated ${simulated.pages}, at most ${apart} apart`,
    `page faults             real ${real.faults}, simulated ${simulated.faults}`,
    ...(first
      ? [
        `first difference        real: ${first.real}; simulated: ${first.simulated}`,
      ]
      : []),
  ].map((line) => `${line}\n`).join("");
}

/** Break, residency and faults of both over time, as CSV. */
export function differenceCsv({ pairs }: Differences): string {
  const head = "op,real_break_bytes,break_bytes,real_resident_pages," +
    "resident_pages,real_page_faults,page_faults";
  return csv([
    head.split(","),
    ...pairs.map(({ real, simulated }) =>
      [
        real.op,
        real.break,
        simulated.break,
        real.pages,
        simulated.pages,
        real.faults,
        simulated.faults,
      ].map(String)
    ),
  ]);
}
