/* How the programs that are recorded begin. */
#include <gnu/libc-version.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>

#include "fraglab.h"

/* Says which C library this is; pages are 4 KiB from here on. */
static void start(void) {
  prctl(PR_SET_THP_DISABLE, 1, 0, 0, 0);
  setvbuf(stdout, NULL, _IONBF, 0);
  printf("%s\n", gnu_get_libc_version());
}
