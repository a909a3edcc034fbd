// libstdc++'s pool when operator new begins to fail: random requests, and a
// digest of every address.
//
//     scarce_pool <seed> <operations> <bytes>
//
// operator new hands out `bytes` bytes of one array in steps of 16 and then
// throws. Prints a 32-bit hash in hexadecimal after every 1000 requests and at
// the end, and how many were refused.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <ext/pool_allocator.h>
#include <new>

alignas(16) static char arena[1 << 24];
static size_t used, limit;

void *operator new(size_t bytes) {
  bytes = (bytes + 15) / 16 * 16;
  if (used + bytes > limit) throw std::bad_alloc();
  used += bytes;
  return arena + used - bytes;
}
void operator delete(void *) noexcept {}
void operator delete(void *, size_t) noexcept {}

static uint32_t state, hash = 2166136261u;
static uint32_t draw() {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

static struct { char *at; size_t bytes; } live[1 << 20];

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  state = (uint32_t)strtoul(argv[1], nullptr, 10);
  unsigned operations = (unsigned)strtoul(argv[2], nullptr, 10);
  limit = strtoul(argv[3], nullptr, 10);
  __gnu_cxx::__pool_alloc<char> pool;
  unsigned count = 0, refused = 0;
  for (unsigned i = 1; i <= operations; i++) {
    // turns of long and of short objects, so that lists run dry
    unsigned longest = i / 5000 % 2 == 0 ? 140 : 40;
    unsigned percent = i / 3000 % 2 == 0 ? 65 : 40;
    uint32_t what = draw() % 100, which = draw();
    if (what < percent) {
      size_t bytes = 1 + which % longest;
      uint32_t word = 0xffffffff;
      try {
        char *at = pool.allocate(bytes);
        live[count++] = {at, bytes};
        word = (uint32_t)(at - arena);
      } catch (const std::bad_alloc &) {
        refused++;
      }
      hash = (hash ^ word) * 16777619u;
    } else if (count > 0) {
      uint32_t victim = which % count;
      pool.deallocate(live[victim].at, live[victim].bytes);
      live[victim] = live[--count];
    }
    if (i % 1000 == 0) printf("%08x\n", hash);
  }
  printf("%08x\n%u\n", hash, refused);
}
