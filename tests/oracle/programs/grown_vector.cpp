// A vector grows by push_back up to its capacity, then others beside it.
#include <string>
#include <vector>

#include "start.h"

int main() {
  start();
  FRAGLAB_PHASE("begin");
  std::vector<long> numbers;
  for (long i = 0; i < 1 << 19; i++) numbers.push_back(i);
  FRAGLAB_PHASE("numbers");
  std::vector<std::string> words;
  for (int i = 0; i < 1 << 14; i++) words.push_back(std::string(20 + i % 50, 'x'));
  FRAGLAB_PHASE("words");
  std::vector<long>().swap(numbers);
  words.resize(1 << 13);
  FRAGLAB_PHASE("shrunk");
}
