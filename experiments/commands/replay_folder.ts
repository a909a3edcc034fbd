/**
 * Where the results of a replay go unless the user says: a folder for each
 * trace, or set of traces, so that no replay takes the place of another's.
 *
 * @module
 */
import { basename } from "node:path";
import { digest } from "../runner/digest.ts";
import { Failure } from "../runner/failure.ts";
import { Results } from "../runner/results.ts";

/** Most traces that a folder is named after. */
const NAMED = 4;
/** Longest name of a trace in it. */
const LONGEST = 40;

/** The folder below `parent` for a replay of `traces`, as the user names them. */
export function replayFolder(
  parent: string,
  traces: readonly string[],
): string {
  const path = `${parent}/${nameOf(traces)}`;
  for (let n = 1;; n++) {
    const place = n === 1 ? path : `${path}-${n}`;
    const held = tracesIn(place);
    if (held === undefined || `${held}` === `${traces}`) return place;
  }
}

/** `cc1+perl`; many are the first and a digest of all. */
function nameOf(traces: readonly string[]): string {
  const names = traces.map(shortName);
  if (names.length <= NAMED) return names.join("+");
  const all = digest(traces.join("\n")).slice(0, 8);
  return `${names[0]}+${names.length - 1}-more-${all}`;
}

/** The name of a file without folders and endings. */
export function shortName(trace: string): string {
  if (trace === "-") return "stdin";
  const name = basename(trace).replace(/(?<=.)(\.[a-z]\w*)+$/i, "")
    .replace(/[^\w.-]/g, "_").replace(/^\.+/, "").slice(0, LONGEST);
  return name || "trace";
}

/** The traces whose results are in `folder`; undefined if there are none. */
function tracesIn(folder: string): readonly unknown[] | undefined {
  try {
    const results = Results.find(folder);
    const replay = results?.resources.find(({ provenance }) =>
      provenance?.experiment === "replay"
    );
    return replay?.provenance?.parameters.trace;
  } catch (error) {
    if (error instanceof Failure) return undefined; // the run will say why
    throw error;
  }
}
