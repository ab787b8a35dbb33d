/*
 * A member of a call-rig in a process of its own. See call-rig.h. No state.
 */
#include "call-rig.h"

/**
 * child_join:
 *
 * Returns: (transfer full): gst-launch-1.0 with a member's pipeline
 */
GSubprocess *
child_join (Room *room, const gchar *name, guint rgb, guint hz)
{
  MemberOptions options = { .name = name, .rgb = rgb, .hz = hz };
  g_autofree gchar *description = member_describe (room, &options);
  g_autofree gchar *command =
      g_strdup_printf ("gst-launch-1.0 -q %s", description);
  g_auto (GStrv) arguments = NULL;
  g_autoptr (GError) error = NULL;
  GSubprocess *child;

  g_shell_parse_argv (command, NULL, &arguments, &error);
  g_assert_no_error (error);
  child = g_subprocess_newv ((const gchar *const *)arguments,
      G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  g_assert_no_error (error);

  return child;
}

/**
 * child_kill:
 * @child: (transfer full): ended with SIGKILL, on the spot
 */
void
child_kill (GSubprocess *child)
{
  g_subprocess_force_exit (child);
  g_subprocess_wait (child, NULL, NULL);
  g_object_unref (child);
}
