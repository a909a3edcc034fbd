/* Programs that end, in one way or another, after so many requests. */
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "start.h"

static void ask(int requests) {
  static void *volatile kept;
  for (int i = 0; i < requests; i++) kept = malloc(1000 + (size_t)i % 10);
  (void)kept;
}

/* A child that asks for more of what the parent began. */
static void child(int requests, int code) {
  pid_t pid = fork();
  if (pid == 0) {
    ask(requests);
    _exit(code);
  }
  waitpid(pid, NULL, 0);
}

int main(int count, char **words) {
  const char *how = count > 1 ? words[1] : "";
  start();
  FRAGLAB_PHASE("begin");
  ask(12345);
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  if (strcmp(how, "abort") == 0) abort();
  if (strcmp(how, "_exit") == 0) _exit(9);
  if (strcmp(how, "fork") == 0) {
    child(17, 0);
    ask(3);
    child(0, 0); /* asks for nothing: no trace */
  }
  if (strcmp(how, "exec") == 0) execl("/proc/self/exe", words[0], "after exec", NULL);
  if (strcmp(how, "orphan") == 0) {
    pid_t recorder = getppid();
    kill(recorder, SIGKILL);
    while (getppid() == recorder) usleep(1000);
    ask(5);
  }
  if (strcmp(how, "signal") == 0) {
    raise(SIGUSR1);
    ask(2);
    raise(SIGUSR1);
  }
  if (strcmp(how, "own handler") == 0) {
    signal(SIGUSR1, SIG_IGN);
    raise(SIGUSR1);
  }
  return 4;
}
