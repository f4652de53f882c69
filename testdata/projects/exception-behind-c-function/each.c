/* C knows no exceptions: none comes back from here. */
#include "each.h"

void for_each(const int *first, const int *last, void (*visit)(int)) {
  for (; first != last; ++first)
    visit(*first);
}
