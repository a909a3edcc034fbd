/**
 * A replay as the file that valgrind's massif writes: ms_print and
 * massif-visualizer show it.
 *
 * Useful bytes are the live requests, extra bytes the rest of the footprint.
 * Time is in milliseconds if the trace has times, else in bytes allocated and
 * freed. The snapshot of the peak tells the sites of what is live, frame by
 * frame.
 *
 * @module
 */
import { MAX_NAME, printable } from "../traces/lines.ts";
import { BETWEEN_FRAMES } from "../traces/sites.ts";
import type { Trace } from "../traces/trace.ts";
import type { Curve, Point } from "./curve.ts";

/** Snapshots of one file at most, as massif has it; the peak's is one more. */
export const SNAPSHOTS = 100;
/** Share of the peak below which sites are not told apart, as massif has it. */
const THRESHOLD = 0.01;
const ROOT = "(heap allocation functions) malloc/new/new[], --alloc-fns, etc.";

/** Frames of stacks, with the bytes that came through each. */
interface Node {
  bytes: number;
  callers: Map<string, Node>;
}

/** The file. */
export function massifText(
  trace: Trace,
  heap: string,
  { points, timed, peak, sites }: Curve,
): string {
  const time = ({ micros, moved }: Point) =>
    timed ? Math.floor(micros / 1000) : moved;
  const all = [...points.filter(({ op }) => op !== peak.op), peak]
    .sort((a, b) => a.op - b.op);
  let text =
    `desc: ${heap} (simulated)\ncmd: ${printable(trace.name, MAX_NAME)}\n` +
    `time_unit: ${timed ? "ms" : "B"}\n`;
  all.forEach((point, i) => {
    const { requested, footprint } = point;
    text += `#-----------\nsnapshot=${i}\n#-----------\ntime=${time(point)}\n` +
      `mem_heap_B=${requested}\n` +
      `mem_heap_extra_B=${Math.max(0, footprint - requested)}\n` +
      "mem_stacks_B=0\n";
    text += point === peak
      ? "heap_tree=peak\n" + tree(trace, sites, requested)
      : "heap_tree=empty\n";
  });
  return text;
}

/** The lines of the peak's tree. */
function tree(
  trace: Trace,
  sites: ReadonlyMap<number, number>,
  total: number,
): string {
  const root: Node = { bytes: total, callers: new Map() };
  for (const [site, bytes] of sites) {
    if (site === 0 || bytes <= 0) continue;
    let node = root;
    for (const frame of trace.sites![site]!.split(BETWEEN_FRAMES)) {
      const caller = node.callers.get(frame) ??
        { bytes: 0, callers: new Map() };
      node.callers.set(frame, caller);
      caller.bytes += bytes;
      node = caller;
    }
  }
  return nodeLines(root, ROOT, "", total * THRESHOLD);
}

function nodeLines(
  { bytes, callers }: Node,
  label: string,
  indent: string,
  least: number,
): string {
  const shown = [...callers].filter(([, node]) => node.bytes >= least)
    .sort(([a, one], [b, other]) =>
      other.bytes - one.bytes || (a < b ? -1 : 1)
    );
  const below = [...callers].filter(([, node]) => node.bytes < least);
  const rest = below.reduce((sum, [, node]) => sum + node.bytes, 0);
  const count = shown.length + (below.length > 0 ? 1 : 0);
  let text = `${indent}n${count}: ${bytes} ${label}\n`;
  for (const [frame, node] of shown) {
    text += nodeLines(node, `0x0: ${frame}`, indent + " ", least);
  }
  if (below.length > 0) {
    text += `${indent} n0: ${rest} in ${below.length} ` +
      `place${below.length > 1 ? "s" : ""}, all below massif's threshold ` +
      `(${(100 * THRESHOLD).toFixed(2)}%)\n`;
  }
  return text;
}
