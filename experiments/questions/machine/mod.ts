/**
 * The whole machine.
 *
 * @module
 */
import type { Chapter } from "../../experiment/chapter.ts";
import { wholeMachine } from "./whole_machine.ts";
import { whyNotReturned } from "./why_not_returned.ts";

const chapter: Chapter = {
  name: "machine",
  title: "The whole machine",
  summary: "Every layer at once: why memory does not come back.",
  experiments: [whyNotReturned, wholeMachine],
};

export default chapter;
