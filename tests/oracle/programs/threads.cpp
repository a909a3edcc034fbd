// Threads come and go: each has blocks of its own, and shares others.
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "start.h"

static std::mutex lock;
static std::map<int, std::string> shared;

static void work(int seed) {
  std::map<int, std::string> own;
  for (int i = 0; i < 500; i++) {
    own[i * seed % 97] = std::string(static_cast<size_t>(i % 200), 'x');
    if (i % 10 != 0) continue;
    std::lock_guard<std::mutex> held(lock);
    shared[i] = std::string(static_cast<size_t>(i % 100 + 20), 'y');
  }
}

int main() {
  start();
  for (int round = 0; round < 10; round++) {
    std::vector<std::thread> threads;
    for (int k = 1; k <= 6; k++) threads.emplace_back(work, round + k);
    for (auto &thread : threads) thread.join();
  }
  FRAGLAB_PHASE("joined");
}
