// The life of one container of libstdc++, random but reproducible, and a
// digest of every address that it and its strings got and gave back.
//
//     containers <container> <std|pool> <seed> <operations>
//
// Prints a 32-bit hash in hexadecimal after every 1000 requests and at the end.
// An address counts as its offset from the start of the heap, or, if it is a
// mapping, as its offset in the page. The program itself allocates nothing.
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <ext/pool_allocator.h>
#include <list>
#include <map>
#include <new>
#include <set>
#include <string>
#include <string_view>
#include <unistd.h>
#include <unordered_map>
#include <utility>
#include <vector>

using std::string;

// --- The digest ------------------------------------------------------------

static char *heap_start;
static uint32_t hash = 2166136261u;
static unsigned requests;
static char output[1 << 20];
static size_t written;

static void print_hash() {
  for (int shift = 28; shift >= 0; shift -= 4)
    output[written++] = "0123456789abcdef"[hash >> shift & 15];
  output[written++] = '\n';
}

static void mix(uint32_t word) { hash = (hash ^ word) * 16777619u; }

// FNV-1a over: what happened, whether in a mapping, where.
static void note(uint32_t what, void *p) {
  uint64_t offset = (char *)p - heap_start;
  bool mapped = offset >> 32 != 0;
  mix(what);
  mix(mapped);
  mix(mapped ? (uint32_t)((uintptr_t)p & 4095) : (uint32_t)offset);
  if (++requests % 1000 == 0) print_hash();
}

// --- Who is watched: the container's allocator, and operator new beside it ---

static bool in_allocator = true;

void *operator new(size_t bytes) {
  void *p = malloc(bytes);
  if (!p) abort();
  if (!in_allocator) note(3, p);
  return p;
}

void operator delete(void *p) noexcept {
  if (!in_allocator) note(4, p);
  free(p);
}

void operator delete(void *p, size_t) noexcept { operator delete(p); }

template <class A> struct Watched {
  using value_type = typename A::value_type;
  template <class U> struct rebind {
    using other =
        Watched<typename std::allocator_traits<A>::template rebind_alloc<U>>;
  };
  A inner;
  Watched() = default;
  template <class B> Watched(const Watched<B> &) {}
  value_type *allocate(size_t n) {
    in_allocator = true;
    value_type *p = inner.allocate(n);
    in_allocator = false;
    note(1, p);
    return p;
  }
  void deallocate(value_type *p, size_t n) {
    note(2, p);
    in_allocator = true;
    inner.deallocate(p, n);
    in_allocator = false;
  }
  template <class B> bool operator==(const Watched<B> &) const { return true; }
  template <class B> bool operator!=(const Watched<B> &) const { return false; }
};

// --- Keys and values -----------------------------------------------------------

static uint32_t state;

static uint32_t draw() {
  state ^= state << 13;
  state ^= state >> 17;
  state ^= state << 5;
  return state;
}

// 39 - n % 20 characters that sort as n does.
struct Text {
  char characters[40];
  size_t length;
  explicit Text(uint32_t n) : length(39 - n % 20) {
    memset(characters, '-', sizeof characters);
    for (int i = 9; i >= 0; i--, n /= 10) characters[i] = '0' + n % 10;
  }
  operator std::string_view() const { return {characters, length}; }
};

template <class T> T value_of(uint32_t n) { return T(n); }
template <> string value_of<string>(uint32_t n) {
  return string(std::string_view(Text(n)));
}

// --- What each kind of container does with a key -----------------------------------

static const uint32_t KEYS = 1 << 15;
static bool present[KEYS];

template <class M> struct Mapped {
  M m;
  void insert(uint32_t k) {
    using K = typename M::key_type;
    if (present[k]) return; // emplace would make a node first
    present[k] = true;
    auto value = value_of<typename M::mapped_type>(7 * k);
    auto key = value_of<K>(k);
    m.emplace(std::move(key), std::move(value));
  }
  void erase(uint32_t k) {
    if (!present[k]) return;
    present[k] = false;
    if constexpr (std::is_same_v<typename M::key_type, string>)
      m.erase(m.find(std::string_view(Text(k))));
    else
      m.erase(m.find(k));
  }
  void clear() {
    memset(present, 0, sizeof present);
    m.clear();
  }
};

template <class M> struct Multi {
  M m;
  void insert(uint32_t k) { m.insert({(int)(k >> 3), 1}); }
  void erase(uint32_t k) { m.erase(k >> 3); }
  void clear() { m.clear(); }
};

template <class S> struct Unique {
  S s;
  void insert(uint32_t k) { s.insert(value_of<typename S::key_type>(k)); }
  void erase(uint32_t k) { s.erase(value_of<typename S::key_type>(k)); }
  void clear() { s.clear(); }
};

template <class L> struct TwoEnds {
  L l;
  void insert(uint32_t k) {
    auto value = value_of<typename L::value_type>(7 * k);
    if (k & 1) l.push_front(std::move(value));
    else l.push_back(std::move(value));
  }
  void erase(uint32_t k) {
    if (l.empty()) return;
    if (k & 1) l.pop_back();
    else l.pop_front();
  }
  void clear() { l.clear(); }
};

template <class Q> struct Queue {
  Q q;
  void insert(uint32_t k) {
    q.push_back(value_of<typename Q::value_type>(7 * k));
  }
  void erase(uint32_t) {
    if (!q.empty()) q.pop_front();
  }
  void clear() { q.clear(); }
};

template <class V> struct OneEnd {
  V v;
  void insert(uint32_t k) {
    v.push_back(value_of<typename V::value_type>(7 * k));
  }
  void erase(uint32_t) {
    if (!v.empty()) v.pop_back();
  }
  void clear() { v.clear(); }
};

// Turns of 20,000 operations that mostly insert and that mostly erase; all is
// cleared every 70,001.
template <class C> void live(unsigned operations) {
  in_allocator = false;
  {
    C container;
    for (unsigned i = 1; i <= operations; i++) {
      bool growing = i / 20000 % 2 == 0;
      bool insert = draw() % 100 < (growing ? 80u : 40u);
      uint32_t key = draw() % KEYS;
      if (insert) container.insert(key);
      else container.erase(key);
      if (i % 70001 == 0) container.clear();
    }
  }
  in_allocator = true;
}

template <template <class> class A>
bool choose(const char *name, unsigned operations) {
  auto is = [name](const char *other) { return !strcmp(name, other); };
  using Less = std::less<>;
#define PAIR(K, V) Watched<A<std::pair<const K, V>>>
#define MAP(K, V) std::map<K, V, Less, PAIR(K, V)>
#define HASH(K, V)                                                             \
  std::unordered_map<K, V, std::hash<K>, std::equal_to<K>, PAIR(K, V)>
#define SET(K) std::set<K, Less, Watched<A<K>>>
  if (is("map")) live<Mapped<MAP(int, int)>>(operations);
  else if (is("map_long")) live<Mapped<MAP(long, long)>>(operations);
  else if (is("map_string")) live<Mapped<MAP(string, string)>>(operations);
  else if (is("map_int_string")) live<Mapped<MAP(int, string)>>(operations);
  else if (is("multimap"))
    live<Multi<std::multimap<int, int, Less, PAIR(int, int)>>>(operations);
  else if (is("set")) live<Unique<SET(int)>>(operations);
  else if (is("unordered_map")) live<Mapped<HASH(int, int)>>(operations);
  else if (is("unordered_map_long_string"))
    live<Mapped<HASH(long, string)>>(operations);
  else if (is("list")) live<TwoEnds<std::list<int, Watched<A<int>>>>>(operations);
  else if (is("list_string"))
    live<TwoEnds<std::list<string, Watched<A<string>>>>>(operations);
  else if (is("deque"))
    live<TwoEnds<std::deque<int, Watched<A<int>>>>>(operations);
  else if (is("deque_string"))
    live<TwoEnds<std::deque<string, Watched<A<string>>>>>(operations);
  else if (is("queue_string"))
    live<Queue<std::deque<string, Watched<A<string>>>>>(operations);
  else if (is("vector"))
    live<OneEnd<std::vector<long, Watched<A<long>>>>>(operations);
  else if (is("vector_string"))
    live<OneEnd<std::vector<string, Watched<A<string>>>>>(operations);
  else return false;
  return true;
}

template <class T> using Std = std::allocator<T>;
template <class T> using Pool = __gnu_cxx::__pool_alloc<T>;

int main(int argc, char **argv) {
  // So far malloc has been asked for the exception reserve only: the heap has
  // its first length, 132 KiB.
  heap_start = (char *)sbrk(0) - 135168;
  if (argc != 5) return 2;
  state = (uint32_t)strtoul(argv[3], nullptr, 10);
  unsigned operations = (unsigned)strtoul(argv[4], nullptr, 10);
  bool known = strcmp(argv[2], "std") ? choose<Pool>(argv[1], operations)
                                      : choose<Std>(argv[1], operations);
  if (!known) return 2;
  print_hash();
  for (size_t i = 0; i < written;) {
    ssize_t n = write(1, output + i, written - i);
    if (n <= 0) return 1;
    i += n;
  }
}
