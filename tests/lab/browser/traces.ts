/**
 * The traces that the proofs of the lab take, written as files.
 *
 * @module
 */
import { RANDOM_CHURN } from "../../../experiments/workloads/churn.ts";
import { prng } from "../../../experiments/laws/prng.ts";
import { writeRep } from "../../../experiments/traces/rep_writer.ts";
import { type Trace, TraceBuilder } from "../../../experiments/traces/trace.ts";

/** Live objects of a churn. */
const LIVE = 10_000;

/** Writes `trace` into `folder`; the path. */
export async function saved(
  trace: Trace,
  folder: string,
  name: string,
): Promise<string> {
  const path = `${folder}/${name}.rep`;
  using file = Deno.openSync(path, {
    write: true,
    create: true,
    truncate: true,
  });
  const encoder = new TextEncoder();
  for await (const text of writeRep(trace)) {
    const bytes = encoder.encode(text);
    for (let at = 0; at < bytes.length;) {
      at += file.writeSync(bytes.subarray(at));
    }
  }
  return path;
}

/** About `operations` of objects that come and go. */
export function churn(operations: number): Trace {
  const steps = Math.round(operations / 2 - LIVE);
  return RANDOM_CHURN.build({ live: LIVE, steps }, prng(1));
}

/** Where the needle is. */
export interface Needle {
  trace: Trace;
  /** The operation that asks for it; the next one frees it. */
  op: number;
}

/**
 * `operations` in which small blocks come and go below a wide hole, and once,
 * half way, 16 bytes lie in the middle of that for one operation: the chunk of
 * an older block, which the tcache of glibc has kept there.
 */
export function haystack(operations: number): Needle {
  const trace = new TraceBuilder();
  const live: number[] = [];
  for (let i = 0; i < 100; i++) live.push(trace.malloc(1000));
  const wide: number[] = [];
  const stretch = (blocks: number) => {
    for (let i = 0; i < blocks; i++) wide.push(trace.malloc(65536));
  };
  stretch(200);
  const kept = trace.malloc(24);
  stretch(300); // the longer hole, so that the other one serves
  trace.malloc(1000); // holds the top
  trace.free(kept);
  for (const slot of wide) trace.free(slot);
  let op = 0;
  const draw = prng(1);
  while (trace.length < operations) {
    if (op === 0 && trace.length >= operations / 2) {
      op = trace.length + 1;
      trace.free(trace.malloc(16));
      continue;
    }
    const i = Math.floor(draw() * live.length);
    trace.free(live[i]!);
    live[i] = trace.malloc(500 + Math.floor(draw() * 1000));
  }
  return { trace: trace.build("haystack"), op };
}
