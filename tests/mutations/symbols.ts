/**
 * Where a symbol stands in a file: a top-level declaration by its name, a
 * member of a class as `Class.member`.
 *
 * Goes by the layout that `deno fmt` gives: declarations begin at the margin,
 * members two blanks further in, and what belongs to either lies further in
 * still, closing brackets aside.
 *
 * @module
 */
import type { Mutation } from "./table.ts";

/** A stretch of a file: [`start`, `end`). */
interface Stretch {
  symbol: string;
  start: number;
  end: number;
}

const DECLARATION =
  /^(?:export )?(?:default )?(?:abstract )?(?:async )?(class|function\*?|const|let|interface|type) (\w+)/;
const MEMBER =
  /^ {2}(?:(?:private|protected|static|declare|abstract|readonly|override|async|get|set) )*[*#]?(\w+)[?!]?[(<:;= ]/;

/** Every stretch of `text` that belongs to a symbol; members inside of classes. */
export function symbolsOf(text: string): Stretch[] {
  const symbols: Stretch[] = [];
  let declaration: Stretch | undefined;
  let member: Stretch | undefined;
  let isClass = false;
  let at = 0;
  for (const line of text.split("\n")) {
    const margin = /^\S/.test(line);
    const closes = /^ *[)\]}]/.test(line);
    if (margin && !closes) {
      const [, kind, name] = DECLARATION.exec(line) ?? [];
      declaration = name === undefined
        ? undefined
        : { symbol: name, start: at, end: at };
      if (declaration) symbols.push(declaration);
      isClass = kind === "class";
    }
    if (margin || isClass && /^ {2}\S/.test(line) && !closes) {
      const name = margin || !isClass ? undefined : MEMBER.exec(line)?.[1];
      member = name === undefined
        ? undefined
        : { symbol: `${declaration!.symbol}.${name}`, start: at, end: at };
      if (member) symbols.push(member);
    }
    at += line.length + 1;
    if (declaration) declaration.end = at;
    if (member) member.end = at;
  }
  return symbols;
}

/**
 * `text` with the fault in it. Throws an Error unless the symbol is there and
 * what has to be replaced occurs in it just once.
 */
export function faulty(
  text: string,
  { file, symbol, find, replace }: Mutation,
): string {
  const stretches = symbolsOf(text).filter((s) => s.symbol === symbol);
  if (stretches.length === 0) throw new Error(`No ${symbol} in ${file}`);
  const places = stretches.flatMap(({ start, end }) => {
    const found: number[] = [];
    let i = text.indexOf(find, start);
    for (; i >= 0 && i + find.length <= end; i = text.indexOf(find, i + 1)) {
      found.push(i);
    }
    return found;
  });
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(
      `${places.length} times, not once, in ${symbol} of ${file}: ${find}`,
    );
  }
  return text.slice(0, place) + replace + text.slice(place + find.length);
}
