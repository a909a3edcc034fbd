/*
 * cut FOLDER: the ext4 file system that holds FOLDER stops at once, as when
 * the power fails: what is not on the disk by now will never be.
 */
#include <fcntl.h>
#include <linux/types.h>
#include <stdio.h>
#include <sys/ioctl.h>

#define SHUTDOWN _IOR('X', 125, __u32)
#define WITHOUT_LOG 2

int main(int count, char **words) {
  __u32 how = WITHOUT_LOG;
  int fd = count == 2 ? open(words[1], O_RDONLY) : -1;
  if (fd >= 0 && ioctl(fd, SHUTDOWN, &how) == 0) return 0;
  perror("cut");
  return 1;
}
