/**
 * How fast a trace is read: a `.rep` file in memory, in pieces as a file
 * system would hand them out, to blocks of rows that nobody uses.
 *
 * @module
 */
import process from "node:process";
import { readRep } from "../experiments/traces/rep_reader.ts";

/** Bytes of a piece. */
const PIECE = 2 ** 16;

/** A reading of `.rep` text. */
export interface Reading {
  /** Rows read. */
  operations: number;
  /** CPU time of it, in seconds. */
  seconds: number;
}

function* pieces(file: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < file.length; at += PIECE) {
    yield file.subarray(at, at + PIECE);
  }
}

/** Reads `file` once. */
export async function readOnce(file: Uint8Array): Promise<Reading> {
  const before = process.cpuUsage();
  let operations = 0;
  for await (const block of readRep("bench.rep", () => pieces(file)).blocks()) {
    operations += block.length;
  }
  const { user, system } = process.cpuUsage(before);
  return { operations, seconds: (user + system) / 1e6 };
}
