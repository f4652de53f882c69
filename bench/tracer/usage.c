// usage: what a program costs. `usage FILE COMMAND...` runs it and writes its CPU seconds and peak memory in KB to FILE.
//
// A small process of its own, because the kernel counts the memory of whoever starts a program, up to exec, as the program's: started
// from Python everything looks at least as large as Python. Passes over SIGTERM, so that a group can be asked to end.
#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int arguments, char **argument) {
  if (arguments < 3)
    return 2;
  pid_t child = fork();
  if (child == 0) {
    execvp(argument[2], argument + 2);
    _exit(127);
  }
  signal(SIGTERM, SIG_IGN);
  int status;
  struct rusage usage;
  FILE *file = fopen(argument[1], "w");
  if (child < 0 || !file || wait4(child, &status, 0, &usage) != child)
    return 2;
  fprintf(file, "%.6f %ld\n",
          (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
              (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6,
          usage.ru_maxrss);
  return fclose(file) || status ? 1 : 0;
}
