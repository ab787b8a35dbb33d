/*
 * How many files the command may have open. See open-files.h. Called before a
 * server starts; no state.
 */
#include "app/open-files.h"

#include <sys/resource.h>

/**
 * peal_open_files_raise:
 *
 * Lets this process open as many files as its administrator permits. The usual
 * 1,024 are meant for programs that select(2); a server has a connection for
 * each member. Where that is refused, things stay as they are: the server says
 * so when they do not suffice.
 */
void
peal_open_files_raise (void)
{
  struct rlimit files;

  if (getrlimit (RLIMIT_NOFILE, &files) != 0)
    return;
  files.rlim_cur = files.rlim_max;
  setrlimit (RLIMIT_NOFILE, &files);
}
