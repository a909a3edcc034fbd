/*
 * Loaded before a program (LD_PRELOAD), makes the disk misbehave below one
 * folder, FAULT_UNDER:
 *   FAULT_NTH=n     the n-th call that changes anything fails with EIO
 *   FAULT_COUNT=f   the number of such calls is written to f at the end
 *   FAULT_NOSYNC=1  fsync and fdatasync do nothing
 * A call changes something if it makes, writes, syncs, renames or removes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static long calls;

static int below(const char *path) {
  const char *under = getenv("FAULT_UNDER");
  return under && strncmp(path, under, strlen(under)) == 0;
}

static int fd_below(int fd) {
  char link[64], path[PATH_MAX];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t n = readlink(link, path, sizeof path - 1);
  if (n < 0) return 0;
  path[n] = 0;
  return below(path);
}

/* Counts a call; whether it is the one to fail. */
static int fails(void) {
  long n = __sync_add_and_fetch(&calls, 1);
  const char *nth = getenv("FAULT_NTH");
  if (!nth || atol(nth) != n) return 0;
  errno = EIO;
  return 1;
}

__attribute__((destructor)) static void report(void) {
  const char *path = getenv("FAULT_COUNT");
  FILE *file = path ? fopen(path, "w") : NULL;
  if (!file) return;
  fprintf(file, "%ld\n", calls);
  fclose(file);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int open64(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (flags & O_CREAT && below(path) && fails()) return -1;
  return REAL(open64)(path, flags, mode);
}

ssize_t write(int fd, const void *bytes, size_t n) {
  if (fd > 2 && fd_below(fd) && fails()) return -1;
  return REAL(write)(fd, bytes, n);
}

static int synced(int fd, int (*real)(int)) {
  if (!fd_below(fd)) return real(fd);
  if (fails()) return -1;
  return getenv("FAULT_NOSYNC") ? 0 : real(fd);
}

int fsync(int fd) { return synced(fd, REAL(fsync)); }
int fdatasync(int fd) { return synced(fd, REAL(fdatasync)); }

int rename(const char *from, const char *to) {
  return below(to) && fails() ? -1 : REAL(rename)(from, to);
}

int mkdir(const char *path, mode_t mode) {
  return below(path) && fails() ? -1 : REAL(mkdir)(path, mode);
}

int unlink(const char *path) {
  return below(path) && fails() ? -1 : REAL(unlink)(path);
}
