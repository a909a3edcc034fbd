/**
 * What is shown, as the fragment of an address that can be sent to others.
 *
 * @module
 */
import type { Axis, Blocks, Colour } from "../protocol.ts";
import type { Range } from "./ranges.ts";

/** Where requests come from, as far as an address can tell. */
export type Origin =
  | {
    kind: "workload";
    name: string;
    parameters: Record<string, string>;
    seed: number;
  }
  | {
    kind: "cell"; // of an experiment
    experiment: string;
    parameters: Record<string, string>;
    seed: number;
  }
  | { kind: "text"; text: string }
  | { kind: "trace"; number: number } // of those in the page
  | { kind: "lesson"; id: string; step: number }
  | { kind: "file"; name: string }; // which somebody must choose again

/** What is shown. */
export interface Shown {
  origin: Origin;
  allocators: readonly string[];
  op?: number;
  axis?: Axis;
  colour?: Colour;
  blocks?: Blocks;
  x?: Range;
  y?: Range;
}

/** The fragment, without `#`. */
export function fragmentOf(shown: Shown): string {
  const { origin, allocators, op, axis, colour, blocks, x, y } = shown;
  const words = new URLSearchParams();
  switch (origin.kind) {
    case "workload":
    case "cell":
      if (origin.kind === "cell") words.set("experiment", origin.experiment);
      else words.set("workload", origin.name);
      for (const [key, value] of Object.entries(origin.parameters)) {
        words.append("set", `${key}=${value}`);
      }
      words.set("seed", `${origin.seed}`);
      break;
    case "text":
      words.set("ops", origin.text);
      break;
    case "trace":
      words.set("trace", `${origin.number}`);
      break;
    case "lesson":
      words.set("lesson", origin.id);
      words.set("step", `${origin.step}`);
      break;
    case "file":
      words.set("file", origin.name);
  }
  if (origin.kind !== "lesson") words.set("allocators", allocators.join(","));
  if (op !== undefined) words.set("op", `${op}`);
  if (axis && axis !== "op") words.set("axis", axis);
  if (colour && colour !== "kind") words.set("colour", colour);
  if (blocks && blocks !== "asked") words.set("blocks", blocks);
  if (x) words.set("x", rangeText(x));
  if (y) words.set("y", rangeText(y));
  return words.toString();
}

/** What a fragment stands for; undefined if it says nothing that can be shown. */
export function shownIn(fragment: string): Shown | undefined {
  const words = new URLSearchParams(fragment.replace(/^#/, ""));
  const origin = originIn(words);
  if (!origin) return undefined;
  const specs = (words.get("allocators") ?? "").split(",")
    .filter((spec) => spec !== "").slice(0, 8);
  const allocators = specs.length > 0 ? specs : ["glibc"];
  const op = whole(words.get("op"));
  const axis = one(words.get("axis"), ["op", "bytes"] as const);
  const colours = ["kind", "size", "lifetime", "client", "site"] as const;
  const colour = one(words.get("colour"), colours);
  const blocks = one(words.get("blocks"), ["asked", "whole"] as const);
  const [x, y] = [rangeIn(words.get("x")), rangeIn(words.get("y"))];
  return {
    origin,
    allocators,
    ...(op !== undefined && { op }),
    ...(axis && { axis }),
    ...(colour && { colour }),
    ...(blocks && { blocks }),
    ...(x && { x }),
    ...(y && { y }),
  };
}

function originIn(words: URLSearchParams): Origin | undefined {
  const name = words.get("workload");
  const experiment = words.get("experiment");
  if (name !== null || experiment !== null) {
    const parameters = Object.fromEntries(
      words.getAll("set").map((set) => {
        const at = set.indexOf("=");
        return [set.slice(0, at), set.slice(at + 1)];
      }),
    );
    const seed = whole(words.get("seed")) ?? 1;
    return name !== null
      ? { kind: "workload", name, parameters, seed }
      : { kind: "cell", experiment: experiment!, parameters, seed };
  }
  const text = words.get("ops");
  if (text !== null) return { kind: "text", text };
  const number = whole(words.get("trace"));
  if (number !== undefined) return { kind: "trace", number };
  const id = words.get("lesson");
  if (id !== null) {
    return { kind: "lesson", id, step: whole(words.get("step")) ?? 0 };
  }
  const file = words.get("file");
  return file === null ? undefined : { kind: "file", name: file };
}

function whole(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function one<T extends string>(
  text: string | null,
  known: readonly T[],
): T | undefined {
  return known.find((word) => word === text);
}

function rangeText({ from, to }: Range): string {
  return `${Number(from.toFixed(3))}~${Number(to.toFixed(3))}`;
}

function rangeIn(text: string | null): Range | undefined {
  const match = /^(-?[\d.]+)~(-?[\d.]+)$/.exec(text ?? "");
  if (!match) return undefined;
  const range = { from: Number(match[1]), to: Number(match[2]) };
  return range.from < range.to ? range : undefined;
}
