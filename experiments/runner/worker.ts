/**
 * Runs cells of the lab's own allocators in a worker.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import type { Answer } from "./answer.ts";
import { CellRunner, failed } from "./cell_runner.ts";
import type { Setting } from "./files.ts";

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Setting | CellKey>) => void;
  postMessage(answer: Answer): void;
};
let runner: Promise<CellRunner> | undefined;
scope.onmessage = async ({ data }) => {
  if ("catalogue" in data) runner = CellRunner.in(data);
  else {
    const answer = await runner!.then((it) => it.answer(data), failed);
    scope.postMessage(answer);
  }
};
