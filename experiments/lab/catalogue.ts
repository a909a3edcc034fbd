/**
 * What can be chosen in the lab: the registry and the workloads, as fields of
 * forms.
 *
 * @module
 */
import type { Option, Options } from "../../allocators/entry.ts";
import { ALLOCATORS } from "../../allocators/registry.ts";
import { WORKLOADS } from "../workloads/mod.ts";
import type { Answer, Field } from "./protocol.ts";

/** All of it. */
export function catalogue(): Answer & { kind: "catalogue" } {
  return {
    kind: "catalogue",
    allocators: ALLOCATORS.map(({ name, summary, options }) => ({
      name,
      summary,
      options: fieldsOf(options),
    })),
    workloads: WORKLOADS.map(({ name, summary, parameters }) => ({
      name,
      summary,
      parameters: fieldsOf(parameters),
    })),
  };
}

function fieldsOf(options: Options): Field[] {
  return Object.entries(options).map(([name, option]) => fieldOf(name, option));
}

/** An option whose edges are words takes one of them, with numbers a number. */
function fieldOf(name: string, option: Option): Field {
  const { summary, expects, fallback, edges = [] } = option;
  const field = {
    name,
    help: `${summary.replace(/\.$/, "")}: ${expects}.`,
    initial: `${fallback}`,
  };
  const numbers = edges.filter((edge) => typeof edge === "number");
  const words = edges.filter((edge) => typeof edge === "string");
  if (words.length > 0 && numbers.length === 0) {
    return { ...field, values: words };
  }
  const isRange = words.length === 0 && numbers.length === 2;
  return isRange ? { ...field, min: numbers[0]!, max: numbers[1]! } : field;
}
