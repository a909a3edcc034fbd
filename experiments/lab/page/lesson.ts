/**
 * What a lesson is, and how an answer is judged.
 *
 * @module
 */
import type { Source } from "../protocol.ts";

/** A page of text with what to look at. */
export interface Step {
  text: string;
  /** Where the cursor is. */
  op: number;
  /** Part of the axis that is shown, in operations; all without it. */
  from?: number;
  to?: number;
}

/** A statement, shown on a trace, and a question about it. */
export interface Lesson {
  id: string;
  title: string;
  source: Exclude<Source, { kind: "file" }>;
  allocators: string[];
  steps: readonly [Step, Step, Step];
  question: string;
  /** The number that is right; text of other kinds is not asked for. */
  answer: number;
  /** Said with the verdict. */
  why: string;
}

/** Whether `given` is right, in words; a number with or without its unit. */
export function judge(
  { answer, why }: Pick<Lesson, "answer" | "why">,
  given: string,
): { isRight: boolean; words: string } {
  const number = /^-?[\d,_]*\.?\d+/.exec(given.trim())?.[0];
  if (number === undefined) {
    return { isRight: false, words: "A number is expected." };
  }
  const isRight = Number(number.replace(/[,_]/g, "")) === answer;
  return isRight
    ? { isRight, words: `Right: ${answer}. ${why}` }
    : { isRight, words: `Not ${number}. Look again at the steps.` };
}
