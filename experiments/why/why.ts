/**
 * Why memory does not come back: a trace, one allocator, one instant.
 *
 * @module
 */
import type { Spec } from "../../allocators/entry.ts";
import { listsOf } from "../../allocators/machine/causes.ts";
import type { TouchPolicy } from "../replay/replay.ts";
import { Unsuitable } from "../replay/unsuitable.ts";
import type { Trace } from "../traces/trace.ts";
import { Births } from "./births.ts";
import { type Curve, type Replay, stopsOf } from "./curve.ts";
import { factsOf, type Mark } from "./facts.ts";
import { type Growth, growthOf } from "./growth.ts";
import { type Holders, holdersOf } from "./holders.ts";
import { holesOf } from "./holes.ts";
import { type Instant, instantOf, peakOf, wasteOf } from "./instant.ts";
import { type Ledger, ledgerOf } from "./ledger.ts";
import type { Replays } from "./replays.ts";
import { type Pieces, piecesOf } from "./pieces.ts";
import { play, type Scene, sceneOf, Stops } from "./run.ts";
import { elsewhere, type WhatIf, whatIfs } from "./what_ifs.ts";

/** What is asked. */
export interface Question {
  /** The trace; its blocks can be taken several times. */
  trace: Trace;
  /** The allocator. */
  spec: Spec;
  /** `waste`, `peak`, `end`, a mark, or a number of operations. */
  at: string;
  /** How payload is written. */
  touch: TouchPolicy;
  /** Who replays the trace. */
  replays: Replays;
}

/** A what-if that was replayed. */
export interface Tried extends WhatIf {
  curve: Curve;
}

/** One that was not. */
export interface Refused {
  name: string;
  /** Why not. */
  why: string;
}

/** The answer. */
export interface Why {
  /** Name of the trace, and the allocator. */
  trace: string;
  allocator: string;
  touch: TouchPolicy;
  /** Operations of the trace, and its marks. */
  operations: number;
  marks: readonly Mark[];
  /** Whether it says where requests come from. */
  sited: boolean;
  /** When, and microseconds by then if they are known. */
  instant: Instant;
  time: number | undefined;
  /** What was last seen resident of the whole program when it was recorded. */
  recorded: Births["recorded"];
  /** Where the resident bytes are. */
  ledger: Ledger;
  /** The slabs, groups and extents of the heap; none if it has no such. */
  pieces: readonly Pieces[];
  /** Who keeps those that nobody uses. */
  holders: Holders;
  /** Those on pages that live blocks share: no trim returns them. */
  shared: number;
  /** How it came about. */
  growth: Growth;
  /** Operations at which curves have points; the instant is one of them. */
  stops: readonly number[];
  /** As it is. */
  curve: Curve;
  /** What could be otherwise, the best first. */
  tried: readonly Tried[];
  /** What could not be replayed. */
  refused: readonly Refused[];
}

/** Answers; `RangeError` for an instant that there is not. */
export async function whyOf(question: Question): Promise<Why> {
  const { trace, spec, at, touch, replays } = question;
  const facts = await factsOf(trace);
  if (facts.requests === 0) {
    throw new Unsuitable(`${trace.name}: nothing is requested`);
  }
  const known = instantOf(at, facts);
  const all = whatIfs(spec, facts);
  const run = async (one: WhatIf, how: Replay): Promise<Tried | Refused> => {
    try {
      return { ...one, curve: await replays.later(one.spec, how) };
    } catch (error) {
      if (error instanceof RangeError || error instanceof SyntaxError) {
        return { name: one.name, why: error.message };
      }
      throw error;
    }
  };
  const start = (stops: readonly number[], trimAt?: number) =>
    all.filter(({ trim }) => trim === (trimAt !== undefined)).map((one) =>
      quiet(run(one, { stops, touch, ...(one.trim && { trimAt }) }))
    );
  let stops = stopsOf(facts, known ? [known.op] : []);
  const early = at === "peak" && !known ? [] : start(stops);
  const asItIs = await replays.now(spec, { stops, touch });
  const { instant, curve } = known
    ? { instant: known, curve: asItIs }
    : await found(question, asItIs, stops);
  stops = stopsOf(facts, [instant.op]);
  const others = early.length > 0 ? early : start(stops);
  const trims = start(stops, instant.op);
  const { scene, births } = await look(question, instant.op);
  const lists = listsOf(scene.heap);
  const ledger = ledgerOf(scene, lists);
  const holes = holesOf(scene.heap, scene.os, lists);
  const holders = await holdersOf(trace, scene, births, holes);
  const apart = elsewhere(spec, holders).map(({ births, ...one }) =>
    quiet(run(one, { stops, touch, elsewhere: births }))
  );
  const now = stops.indexOf(instant.op);
  await replays.finish();
  const results = await Promise.all([...trims, ...others, ...apart]);
  const tried = results.filter((one) => "curve" in one);
  return {
    trace: trace.name,
    allocator: spec.text,
    touch,
    operations: facts.operations,
    marks: facts.marks,
    sited: (trace.sites?.length ?? 0) > 1,
    instant,
    time: births.timeOf(instant.op),
    recorded: births.recorded,
    ledger,
    pieces: piecesOf(scene),
    holders,
    shared: holes.reduce((sum, { shared }) => sum + shared, 0),
    growth: growthOf(curve, stops, now),
    stops,
    curve,
    tried: tried.sort((a, b) =>
      a.curve.resident[now]! - b.curve.resident[now]! ||
      a.curve.mean - b.curve.mean
    ),
    refused: results.filter((one) => "why" in one),
  };
}

/** The instant that `at` stands for, and a curve with a point there. */
async function found(
  { trace, spec, at, touch, replays }: Question,
  curve: Curve,
  stops: readonly number[],
): Promise<{ instant: Instant; curve: Curve }> {
  if (at === "waste") return { instant: wasteOf(curve, stops), curve };
  const instant = await peakOf(trace, spec, touch, curve, stops);
  const more = [...new Set([...stops, instant.op])].sort((a, b) => a - b);
  return { instant, curve: await replays.now(spec, { stops: more, touch }) };
}

/** The heap when `op` operations are done, and who was born when. */
async function look(
  { trace, spec, touch }: Question,
  op: number,
): Promise<{ scene: Scene; births: Births }> {
  const scene = sceneOf(spec, touch);
  const births = new Births();
  const rows = births.rows.bind(births);
  await play(trace, scene.session, new Stops([op], () => true, rows));
  return { scene, births };
}

/** `promise`, which somebody will wait for, or nobody. */
function quiet<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => {});
  return promise;
}
