/*
 * Waiting in tests without sleeping: the thread-default main context runs
 * until a condition holds or a watchdog says that it never will.
 */
#pragma once

#include <glib.h>

/* Chosen: far above anything a test waits for, far below meson's limit. */
#define WAIT_DEFAULT_MS 10000

typedef gboolean (*WaitCondition) (gpointer data);

guint
wait_slowness (void);
gboolean
wait_until (WaitCondition condition, gpointer data, guint timeout_ms);
void
run_for_ms (guint time_ms);

/**
 * wait_for:
 *
 * Waits for @condition and fails the test, naming it, when it does not come.
 */
#define wait_for(condition, data)                                          \
  G_STMT_START                                                             \
  {                                                                        \
    if (!wait_until (condition, data, WAIT_DEFAULT_MS))                    \
      g_error (                                                            \
          "%s:%d: waited in vain for %s", __FILE__, __LINE__, #condition); \
  }                                                                        \
  G_STMT_END
