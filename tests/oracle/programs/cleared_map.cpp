// A std::map is filled and cleared.
#include <map>

#include "start.h"

int main() {
  start();
  std::map<int, long> squares;
  FRAGLAB_PHASE("begin");
  for (int i = 0; i < 100000; i++) squares[i * 7919 % 100003] = i;
  FRAGLAB_PHASE("filled");
  squares.clear();
  FRAGLAB_PHASE("cleared");
}
