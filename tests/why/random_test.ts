/**
 * Answers about random traces under every heap: whatever is asked, the parts
 * of the answer add up.
 *
 * @module
 */
import { assert, assertEquals } from "@std/assert";
import { offersOf } from "../../allocators/capability.ts";
import { parseSpec } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { type Prng, prng } from "../../experiments/laws/prng.ts";
import { missingFor } from "../../experiments/replay/needs.ts";
import { factsOf } from "../../experiments/why/facts.ts";
import { pageOf } from "../../experiments/why/page.ts";
import { whyText } from "../../experiments/why/words.ts";
import { traceOf, why } from "./traces.ts";

const TRACES = 60;
const SPECS = [
  ...ALLOCATORS.map(({ name }) => name),
  "glibc:version=2.31",
  "glibc:version=2.43:tcache_max=300000",
  "glibc:geometry=i386",
  "glibc:mmap_threshold=4096",
  "glibc:hugetlb=1",
  "first_fit:arena=8M",
];

/** Requests of all kinds, of sizes small and large, by several threads. */
function randomLines(draw: Prng): string[] {
  const lines = ["S 1 std::x (a) < f (a.c:1) < main", "S 2 g (b.c:2)"];
  const live: number[] = [];
  const size = () => draw.below([200, 5000, 300_000, 1][draw.below(4)]!);
  const site = () => ["", " s1", " s2"][draw.below(3)]!;
  const taken = () => live.splice(draw.below(live.length), 1)[0]!;
  let id = 0;
  const kinds: (() => string)[] = [
    () => `a ${live.push(id) && id++} ${size()}${site()}`,
    () => `c ${live.push(id) && id++} ${size()}${site()}`,
    () => `f ${live.length > 0 ? taken() : -1}`,
    () =>
      `r ${live[draw.below(live.length)] ?? 10 ** 6} ${size() + 1}${site()}`,
  ];
  if (draw.below(2) === 0) {
    kinds.push(
      () => `m ${live.push(id) && id++} ${2 ** (3 + draw.below(10))} ${size()}`,
      () => `t ${1000 * draw.below(3)}`,
      () => `T ${draw.below(4)}`,
    );
  }
  lines.push(`a ${live.push(id) && id++} 1`);
  for (let i = draw.below(300); i > 0; i--) {
    lines.push(kinds[draw.below(kinds.length)]!());
    if (draw.below(20) === 0) lines.push(`p m${i}`, `N ${1000 - i}`);
  }
  return lines;
}

Deno.test("what keeps memory adds up to what is kept, in any heap, at any time", async () => {
  const draw = prng(13);
  let answers = 0;
  for (let i = 0; i < TRACES; i++) {
    const trace = traceOf(randomLines(draw));
    const { ops, operations } = await factsOf(trace);
    const spec = SPECS[draw.below(SPECS.length)]!;
    const offers = offersOf(parseSpec(spec, ALLOCATORS));
    if (!offers.has("resident") || missingFor(ops, offers).length > 0) continue;
    const instants = ["waste", "peak", "end", `${1 + draw.below(operations)}`];
    const at = instants[draw.below(instants.length)]!;
    const touch = (["none", "first", "all"] as const)[draw.below(3)]!;
    let answer;
    try {
      answer = await why(trace, { spec, at, touch });
    } catch (error) {
      // Some buddies have no aligned blocks.
      assert(error instanceof SyntaxError && spec.includes("buddy"), spec);
      continue;
    }
    answers++;
    const { ledger, holders, curve, stops, instant } = answer;
    const where = `trace ${i}, ${spec} at ${at}`;
    const sum = ledger.entries.reduce((sum, { bytes }) => sum + bytes, 0);
    assertEquals(sum, ledger.resident, where);
    assert(ledger.entries.every(({ bytes }) => bytes > 0), where);
    const named = holders.named.reduce((sum, { bytes }) => sum + bytes, 0);
    assertEquals(named + holders.others.bytes, ledger.retained, where);
    assertEquals(curve.resident[stops.indexOf(instant.op)], sum, where);
    const told = whyText(answer) + pageOf(answer);
    assert(!/NaN|undefined|Infinity/.test(told), where);
  }
  assert(answers > TRACES / 2, `${answers} answers`);
});
