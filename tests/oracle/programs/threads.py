"""Batches of threads that parse, compress and keep; others free what they
make. Of the threads' own module, as the one above it asks for much by itself."""
import _thread
import time
import zlib

results = []
kept = []


def work(number, done):
    rows = [{"id": i, "name": "n" * (i * number % 700)} for i in range(100)]
    text = repr(rows).encode() * (number % 3 + 1)
    packed = zlib.compress(text, number % 9)
    results.append((sorted(rows, key=lambda r: r["name"]), packed))
    kept.append(bytes(number * 5000))
    for k in range(6):
        text = (text + b"x" * 2000 * k)[:-1000]
    done.release()


for batch in range(4):
    locks = [_thread.allocate_lock() for _ in range(4)]
    for k, lock in enumerate(locks):
        lock.acquire()
        _thread.start_new_thread(work, (batch * 4 + k, lock))
    for lock in locks:
        lock.acquire()
    while len(results) > 1:
        rows, packed = results.pop(0)
        zlib.decompress(packed)
    del kept[::2]
    time.sleep(0.05)
