#!/usr/bin/env bash
# libstdc++: the first block of a std::pmr pool takes fifteen from upstream, and
# max_blocks_per_chunk cannot forbid it.
#
# Expected: a pool starts with one block or about a page and then grows in steps;
# with max_blocks_per_chunk = 1 it takes a block at a time (the standard lets an
# implementation use less than the limit, not more).
# Happens: the first chunk of each block size has 16 blocks, or more if they are
# small, less the room of a bitmap: 15, however large they are. Limits below 4
# are raised to 4, and 3 blocks come at a time.
# Matters: who lets a pool serve blocks up to a megabyte pays 15 MiB for the
# first of them, and a pool in a fixed buffer of 8 MiB cannot serve even one.
# Version: libstdc++6 12.2.0-14+deb12u1; needs g++ 12.
# Seen: one block of 4,000 bytes, default options: 61,448 bytes from upstream; one
# of 600,000, up to 1 MiB pooled: 15,728,648; the same with a limit of one
# block: 3,145,736, and options() returns 4.
set -euo pipefail
T=$(mktemp -d)
trap 'rm -rf "$T"' EXIT
cd "$T"
apt-get -qq -o Dir::Cache="$T/apt" -o APT::Sandbox::User=root download libstdc++6=12.2.0-14+deb12u1
dpkg -x libstdc++6_*.deb .

cat >chunk.cc <<'CC'
#include <algorithm>
#include <iostream>
#include <memory_resource>
#include <vector>
using namespace std::pmr;
struct upstream : memory_resource { // passes all on; keeps the largest request
  size_t largest = 0;
  void *do_allocate(size_t bytes, size_t align) override {
    largest = std::max(largest, bytes);
    return new_delete_resource()->allocate(bytes, align);
  }
  void do_deallocate(void *p, size_t bytes, size_t align) override {
    new_delete_resource()->deallocate(p, bytes, align);
  }
  bool do_is_equal(const memory_resource &other) const noexcept override { return this == &other; }
};
static void first(pool_options options, size_t bytes) {
  upstream heap;
  unsynchronized_pool_resource pool(options, &heap);
  pool.deallocate(pool.allocate(bytes), bytes);
  std::cout << heap.largest << " " << pool.options().max_blocks_per_chunk << "\n";
}
int main() {
  first({}, 4000);
  first({0, 1 << 20}, 600000);
  first({1, 1 << 20}, 600000);
  std::vector<char> buffer(8 << 20);
  monotonic_buffer_resource fixed(buffer.data(), buffer.size(), null_memory_resource());
  unsynchronized_pool_resource pool({0, 1 << 20}, &fixed);
  try {
    std::cout << pool.allocate(600000) << "\n";
  } catch (const std::bad_alloc &) {
    std::cout << "bad_alloc\n";
  }
}
CC
g++ -std=c++17 -O1 chunk.cc -o chunk

LD_LIBRARY_PATH=$T/usr/lib/x86_64-linux-gnu ./chunk >seen
echo "largest request upstream and limit of blocks: 4,000 bytes; 600,000; limit 1; from 8 MiB:"
cat seen
[[ $(paste -sd' ' seen) == "61448 16384 15728648 16384 3145736 4 bad_alloc" ]] || {
  echo "changed: chunks do not start with 15 blocks, or a limit of 1 is kept"
  exit 1
}
