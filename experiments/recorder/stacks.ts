/**
 * The call stacks in a log: for every frame its module and the address in it.
 *
 * @module
 */
import {
  Kind,
  kindAt,
  type Log,
  operandAt,
  records,
  textAt,
  wordAt,
} from "./log_file.ts";

/** A place in the code of a module. */
export interface Place {
  /** Path of the module; "": none was there. */
  module: string;
  /** The return address, as the module's file counts. */
  address: number;
}

/** A mapped module. */
interface Module {
  start: number;
  end: number;
  bias: number;
  path: string;
}

/** Site k's frames at k, innermost first, of `log`. */
export function stacksIn(log: Log): Place[][] {
  const stacks: Place[][] = [[]];
  let modules: Module[] = [];
  const known = new Map<number, Place>();
  const place = (pc: number): Place => {
    let found = known.get(pc);
    if (found) return found;
    const module = modules.find((m) => m.start < pc && pc <= m.end);
    found = module
      ? { module: module.path, address: pc - module.bias }
      : { module: "", address: pc };
    known.set(pc, found);
    return found;
  };
  const visits = records(log, (words, at) => {
    switch (kindAt(words, at)) {
      case Kind.SITE: {
        const frames = [];
        for (let k = 1; k <= operandAt(words, at); k++) {
          frames.push(place(wordAt(words, at + k)));
        }
        stacks.push(frames);
        break;
      }
      case Kind.MODULE: {
        const [start, end] = [wordAt(words, at + 1), wordAt(words, at + 2)];
        const path = textAt(words, at + 4, operandAt(words, at));
        modules = modules.filter((m) => m.end <= start || end <= m.start);
        modules.push({ start, end, bias: wordAt(words, at + 3), path });
        known.clear();
      }
    }
  });
  while (!visits.next().done);
  return stacks;
}
