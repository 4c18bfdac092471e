#include "coxa/learning/runtime.hpp"

#include <malloc.h>

namespace coxa {

void tuneAllocator() {
  mallopt(M_MMAP_MAX, 0);
  mallopt(M_TRIM_THRESHOLD, -1);
  mallopt(M_TOP_PAD, 256 << 20);
  mallopt(M_ARENA_MAX, 1);
}

}  // namespace coxa
