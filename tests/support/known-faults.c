/*
 * Warnings of other people's that end no test. See known-faults.h.
 *
 * One so far. GStreamer 1.22's rtpsession.c, rtp_session_on_timeout(): while it
 * goes through its table of sources in generate_rtcp(), the first sender report
 * of each asks for its clock rate (rtp_source_get_new_sr() ->
 * fetch_caps_for_payload() -> source_caps()), which lets go of the session's
 * lock. Another thread may then add the source of a first packet, and GLib says
 * that the table has changed. The round ends there, and the next report, a
 * second later, makes up for it. Nothing that we do keeps it from asking: the
 * caps that would tell it do not pass webrtcbin's rtpfunnel.
 *
 * Borne is that sentence of GLib's, on a thread of that name, and nothing else:
 * none of our code iterates over a table there.
 */
#include "known-faults.h"

#include <sys/prctl.h>

#define THREAD "rtpsession-rtcp"
#define SENTENCE \
  "g_hash_table_foreach: assertion 'version == hash_table->version' failed"
#define NAME_BYTES 16 /* prctl(2) */

static gboolean
is_known (const gchar *message)
{
  gchar name[NAME_BYTES + 1] = "";

  prctl (PR_GET_NAME, name);

  return g_str_equal (name, THREAD) && g_str_equal (message, SENTENCE);
}

/* Thread: any. */
static void
on_critical (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer data)
{
  if (is_known (message))
    g_test_message ("borne: %s", message);
  else
    g_log_default_handler (domain, level, message, data);
}

/* Thread: any. */
static gboolean
is_fatal (const gchar *domain, GLogLevelFlags level, const gchar *message,
    gpointer data)
{
  return g_strcmp0 (domain, "GLib") != 0 || !is_known (message);
}

/**
 * bear_known_faults:
 *
 * For the test that runs: GLib forgets half of it with each.
 */
void
bear_known_faults (void)
{
  static gsize is_set;

  if (g_once_init_enter (&is_set)) {
    g_log_set_handler ("GLib",
        G_LOG_LEVEL_CRITICAL | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION,
        on_critical, NULL);
    g_once_init_leave (&is_set, TRUE);
  }
  g_test_log_set_fatal_handler (is_fatal, NULL);
}
