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
/** Jobs so far: each waits for the one before, as answers come in order. */
let done: Promise<void> = Promise.resolve();

scope.onmessage = ({ data }) => {
  if ("blocks" in data) {
    const blocks = data.blocks.map((block) => Block.received(block));
    trace = { ...data, blocks: () => blocks };
  } else done = done.then(() => perform(data));
};

async function perform({ spec, replay }: Job): Promise<void> {
  try {
    const curve = await curveOf(trace!, parseSpec(spec, ALLOCATORS), replay);
    scope.postMessage({ curve });
  } catch (error) {
    const { name, message } = error as Error;
    scope.postMessage({ error: name, message });
  }
}
