/**
 * What a parameter may be set to, as far as the values that its experiment
 * declares tell: numbers stay numbers, laws stay laws, and of several words one
 * must be taken. What looks like none of these (a file, a single word) is left
 * to the experiment.
 *
 * @module
 */
import { parseLaw } from "../laws/distributions.ts";
import type { Parameter, Value } from "../experiment/experiment.ts";

/** A form that values have. */
interface Form {
  /** What it is, for messages. */
  expects: string;
  /** Whether `value` has it. */
  fits(value: Value): boolean;
}

const LAW: Form = {
  expects: "a law such as uniform:1:1999",
  fits: isLaw,
};

const LIST: Form = {
  expects: "whole numbers >= 0 such as 1+2+4",
  fits: (value) => /^\d+(\+\d+)*$/.test(`${value}`),
};

const WORD = /^[a-z]\w*$/i;

/** What `parameter` expects instead of `value`; undefined if that is fine. */
export function expectedInstead(
  parameter: Parameter,
  value: Value,
): string | undefined {
  const declared = new Set(Object.values(parameter.values).flat());
  const forms = formsOf([...declared]);
  return !forms || forms.some((form) => form.fits(value))
    ? undefined
    : forms.map(({ expects }) => expects).join(", or ");
}

/** The forms of the `declared` values; undefined if one of them tells nothing. */
function formsOf(declared: readonly Value[]): Form[] | undefined {
  const numbers = declared.filter((value) => typeof value === "number");
  const words = declared.filter((value) => WORD.test(`${value}`));
  const laws = declared.filter(isLaw);
  const lists = declared.filter((value) =>
    typeof value === "string" && LIST.fits(value)
  );
  const known = numbers.length + words.length + laws.length + lists.length;
  if (known < declared.length || words.length === 1 && known === 1) return;
  return [
    ...(numbers.length > 0 ? [numberLike(numbers)] : []),
    ...(laws.length > 0 ? [LAW] : []),
    ...(lists.length > 0 ? [LIST] : []),
    ...(words.length > 0 ? [oneOf(words)] : []),
  ];
}

/** Numbers: whole and not negative if all of `some` are. */
function numberLike(some: readonly number[]): Form {
  const whole = some.every(Number.isInteger);
  const low = some.every((n) => n >= 0) ? 0 : -Infinity;
  return {
    expects: `a ${whole ? "whole " : ""}number${low === 0 ? " >= 0" : ""}`,
    fits: (value) =>
      typeof value === "number" && value >= low &&
      (!whole || Number.isSafeInteger(value)),
  };
}

function oneOf(words: readonly Value[]): Form {
  return {
    expects: `one of ${words.join(", ")}`,
    fits: (value) => words.includes(value),
  };
}

function isLaw(value: Value): boolean {
  try {
    parseLaw(`${value}`);
    return true;
  } catch {
    return false;
  }
}
