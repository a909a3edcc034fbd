/**
 * The recordings of this folder, without any permission.
 *
 * @module
 */
import highorder from "./highorder.ops.gz" with { type: "bytes" };
import highorderX from "./highorder.expected.gz" with { type: "bytes" };
import highorderN from "./highorder-nofragment.ops.gz" with { type: "bytes" };
import highorderNX from "./highorder-nofragment.expected.gz" with {
  type: "bytes",
};
import low0 from "./lowphase0.ops.gz" with { type: "bytes" };
import low0X from "./lowphase0.expected.gz" with { type: "bytes" };
import low0N from "./lowphase0-nofragment.ops.gz" with { type: "bytes" };
import low0NX from "./lowphase0-nofragment.expected.gz" with { type: "bytes" };
import low2 from "./lowphase2.ops.gz" with { type: "bytes" };
import low2X from "./lowphase2.expected.gz" with { type: "bytes" };
import low2N from "./lowphase2-nofragment.ops.gz" with { type: "bytes" };
import low2NX from "./lowphase2-nofragment.expected.gz" with { type: "bytes" };
import mixed from "./mixed.ops.gz" with { type: "bytes" };
import mixedX from "./mixed.expected.gz" with { type: "bytes" };
import order0 from "./order0.ops.gz" with { type: "bytes" };
import order0X from "./order0.expected.gz" with { type: "bytes" };
import pressure from "./pressure.ops.gz" with { type: "bytes" };
import pressureX from "./pressure.expected.gz" with { type: "bytes" };

/** Requests and answers, compressed, by name. */
export const RUNS: readonly {
  name: string;
  ops: Uint8Array<ArrayBuffer>;
  expected: Uint8Array<ArrayBuffer>;
}[] = [
  { name: "highorder", ops: highorder, expected: highorderX },
  { name: "highorder-nofragment", ops: highorderN, expected: highorderNX },
  { name: "lowphase0", ops: low0, expected: low0X },
  { name: "lowphase0-nofragment", ops: low0N, expected: low0NX },
  { name: "lowphase2", ops: low2, expected: low2X },
  { name: "lowphase2-nofragment", ops: low2N, expected: low2NX },
  { name: "mixed", ops: mixed, expected: mixedX },
  { name: "order0", ops: order0, expected: order0X },
  { name: "pressure", ops: pressure, expected: pressureX },
];

/** The text in a gzip file. */
export async function gunzipped(
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  const stream = new Blob([bytes]).stream()
    .pipeThrough(new DecompressionStream("gzip"));
  return await new Response(stream).text();
}
