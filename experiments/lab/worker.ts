/**
 * The simulation in a Web Worker of the page.
 *
 * @module
 */
/// <reference lib="deno.worker" />
import { REPLAYED } from "../questions/replayed.ts";
import type { Question } from "./protocol.ts";
import { Simulation } from "./simulation.ts";

const channel = new MessageChannel();
const resumed: (() => void)[] = [];
channel.port1.onmessage = () => resumed.shift()?.();

const simulation = new Simulation({
  post: (answer, transfer = []) => self.postMessage(answer, { transfer }),
  now: () => performance.now(),
  // A timer would wait for milliseconds; a message lets others go first.
  pause: () =>
    new Promise((resolve) => {
      resumed.push(resolve);
      channel.port2.postMessage(null);
    }),
}, REPLAYED);

self.onmessage = ({ data }: MessageEvent<Question>) => simulation.ask(data);
