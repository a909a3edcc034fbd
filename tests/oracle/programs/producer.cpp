// One thread makes strings, another one takes them.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>

#include "start.h"

static std::mutex lock;
static std::condition_variable changed;
static std::deque<std::string> queue;
static bool done;

static void produce() {
  for (int i = 0; i < 20000; i++) {
    std::string message(10 + i * 31 % 300, 'm');
    std::unique_lock<std::mutex> held(lock);
    changed.wait(held, [] { return queue.size() < 500; });
    queue.push_back(message);
    changed.notify_all();
  }
  std::lock_guard<std::mutex> held(lock);
  done = true;
  changed.notify_all();
}

static void consume() {
  size_t bytes = 0;
  for (;;) {
    std::unique_lock<std::mutex> held(lock);
    changed.wait(held, [] { return done || !queue.empty(); });
    if (queue.empty()) break;
    std::string message = queue.front();
    queue.pop_front();
    changed.notify_all();
    held.unlock();
    bytes += message.size();
  }
  if (bytes == 0) abort();
}

int main() {
  start();
  FRAGLAB_PHASE("begin");
  std::thread producer(produce), consumer(consume);
  producer.join();
  consumer.join();
  FRAGLAB_PHASE("joined");
}
