/**
 * Runs cells of the lab's own allocators in a worker.
 *
 * @module
 */
import type { CellKey } from "../experiment/experiment.ts";
import type { Answer } from "./answer.ts";
import { CellRunner, failed } from "./cell_runner.ts";
import type { Setting } from "./files.ts";

/** What a worker says of a cell: its rows, the last of them with the answer. */
export interface Said {
  rows?: Uint8Array;
  answer?: Answer;
}

const scope = self as unknown as {
  onmessage: (event: MessageEvent<Setting | CellKey>) => void;
  postMessage(said: Said, moved?: Transferable[]): void;
};
let runner: Promise<CellRunner> | undefined;
scope.onmessage = async ({ data }) => {
  if ("catalogue" in data) runner = CellRunner.in(data);
  else {
    const rows: Uint8Array[] = [];
    const say = (answer?: Answer) => {
      const [piece] = rows.splice(0);
      const moved = piece ? [piece.buffer as ArrayBuffer] : [];
      scope.postMessage({ rows: piece, answer }, moved);
    };
    const emit = (piece: Uint8Array) => {
      if (rows.length > 0) say();
      rows.push(piece);
    };
    say(await runner!.then((it) => it.answer(data, emit), failed));
  }
};
