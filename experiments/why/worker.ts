/**
 * Replays a trace that it was sent once, again and again.
 *
 * @module
 */
import { ALLOCATORS } from "../../allocators/registry.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { Block, type Trace } from "../traces/trace.ts";
import { type Curve, curveOf, type Replay } from "./curve.ts";

/** A trace as it is sent: its blocks in shared memory. */
export interface SentTrace extends Pick<Trace, "name" | "names"> {
  blocks: readonly Block[];
}

/** What to replay. */
export interface Job {
  spec: string;
  replay: Replay;
}

/** What came of it. */
export type Answer = { curve: Curve } | { error: string; message: string };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<SentTrace | Job>) => void;
  postMessage(answer: Answer): void;
};
let trace: Trace | undefined;

scope.onmessage = async ({ data }) => {
  if ("blocks" in data) {
    const blocks = data.blocks.map((block) => Block.received(block));
    trace = { ...data, blocks: () => blocks };
    return;
  }
  try {
    const spec = parseSpec(data.spec, ALLOCATORS);
    scope.postMessage({ curve: await curveOf(trace!, spec, data.replay) });
  } catch (error) {
    const { name, message } = error as Error;
    scope.postMessage({ error: name, message });
  }
};
