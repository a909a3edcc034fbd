// A pool of threads that compress, hash and read, and two that run scripts.
const { gzip, gunzipSync } = require("zlib");
const { pbkdf2 } = require("crypto");
const { readFile } = require("fs");
const { Worker, isMainThread } = require("worker_threads");

if (isMainThread) {
  for (let i = 0; i < 24; i++) {
    const text = "line of text ".repeat(40 * i + 1);
    gzip(text, (_, packed) => gunzipSync(packed));
    pbkdf2(text, "salt", 10, 64 + i, "sha512", () => {});
    readFile(__filename, () => {});
  }
  for (let i = 0; i < 2; i++) new Worker(__filename);
} else {
  JSON.stringify(Array.from({ length: 2000 }, (_, i) => ({ i, s: `${i}` })));
}
