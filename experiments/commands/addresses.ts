/**
 * `replay FILE --addresses`: what one allocator answers, request by request.
 *
 * @module
 */
import { lacking } from "../../allocators/capability.ts";
import type { Spec } from "../../allocators/entry.ts";
import type { PageSource } from "../../allocators/pages.ts";
import { newHeap, newPages } from "../experiment/cell.ts";
import { addressLines, type Extras } from "../replay/addresses.ts";
import { freeAreaLines, pfnLines } from "../replay/page_lines.ts";
import { PageSession } from "../replay/page_session.ts";
import { Session } from "../replay/replay.ts";
import { Failure } from "../runner/failure.ts";
import type { ReadOptions } from "../traces/lines.ts";
import { readMaps } from "../traces/maps.ts";
import { openTrace } from "../traces/open_trace.ts";
import type { Trace } from "../traces/trace.ts";
import type { Lab } from "./command.ts";
import { noteLeftOut, openInput } from "./input.ts";
import { loadSpecs, noteAdvice } from "./spec_option.ts";

/** What to print. */
export interface AddressRequest extends Extras {
  /** The trace. */
  file: string;
  /** The allocator. */
  spec: string;
  /** How the trace is read. */
  options: ReadOptions;
  /** Whether the free lists follow, where pages are requested. */
  freeArea: boolean;
  /** The mappings of the process that requests. */
  space: string | undefined;
}

/** Prints the answers. */
export async function printAddresses(
  lab: Lab,
  request: AddressRequest,
): Promise<void> {
  const { file, options } = request;
  const specs = await loadSpecs(lab, [request.spec]);
  const spec = specs.parse(request.spec);
  const open = () => openInput(lab, file);
  const trace = openTrace(file, open, { ...options, holds: "any" });
  const { holds } = await trace.format();
  const misplaced = holds === "bytes"
    ? request.freeArea && "--free-area"
    : request.explain && "--explain" ||
      request.every > 0 && "--stats-every" ||
      request.space !== undefined && "--space";
  if (misplaced) {
    throw new Failure(`${misplaced} says nothing: ${file} requests ${holds}`);
  }
  const why = lacking(spec, [
    ...(request.explain ? ["explain" as const] : []),
    ...(request.every > 0 ? ["mallinfo" as const] : []),
  ]);
  if (why !== undefined) throw new Failure(`${spec.text} ${why}`);
  const print = holds === "pages" ? printPages : printBytes;
  await print(lab, trace, spec, request);
  noteLeftOut(lab, file, trace);
}

async function printBytes(
  lab: Lab,
  trace: Trace,
  spec: Spec,
  extras: AddressRequest,
): Promise<void> {
  noteAdvice(lab, [spec]);
  const memory = await memoryOf(lab, spec, extras.space);
  const subject = {
    ...newHeap(spec, 1, memory),
    process: !!memory,
    absolute: spec.entry.places === "absolute",
  };
  const session = new Session(subject.heap, subject.source);
  for await (const lines of addressLines(trace, session, subject, extras)) {
    lab.print(lines);
  }
}

/** Memory of the process that requests, if `spec` knows one. */
async function memoryOf(
  lab: Lab,
  { entry, values, text }: Spec,
  space: string | undefined,
): Promise<PageSource | undefined> {
  if (space === undefined) return entry.process?.(values);
  const found = await readMaps(space, () => openInput(lab, space));
  try {
    const memory = entry.process?.(values, found);
    if (memory) return memory;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new Failure(`${space}: ${error.message}`);
  }
  throw new Failure(`--space says nothing: ${text} is in no process`);
}

async function printPages(
  lab: Lab,
  trace: Trace,
  spec: Spec,
  { freeArea }: { freeArea: boolean },
): Promise<void> {
  const pages = newPages(spec, 1);
  if (freeArea && !pages.freeList) {
    throw new Failure(`${spec.text} keeps no free lists by migratetype`);
  }
  for await (const lines of pfnLines(trace, new PageSession(pages))) {
    lab.print(lines);
  }
  if (freeArea) lab.print(freeAreaLines(pages)!);
}
