/**
 * Runs cells of the lab's own allocators in a worker.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import type { Answer } from "./answer.ts";
import { CellRunner, failed } from "./cell_runner.ts";
import type { Setting } from "./files.ts";

/** What a worker says of a cell: its rows, then the answer. */
export type Said = { rows: Uint8Array } | { answer: Answer };

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Setting | CellKey>) => void;
  postMessage(said: Said, moved?: Transferable[]): void;
};
let runner: Promise<CellRunner> | undefined;
scope.onmessage = async ({ data }) => {
  if ("catalogue" in data) runner = CellRunner.in(data);
  else {
    const emit = (rows: Uint8Array) =>
      scope.postMessage({ rows }, [rows.buffer as ArrayBuffer]);
    const answer = await runner!.then((it) => it.answer(data, emit), failed);
    scope.postMessage({ answer });
  }
};
