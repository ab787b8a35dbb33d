/*
 * A file with a text in it. See text-file.h.
 */
#include "text-file.h"

#include <glib/gstdio.h>

/**
 * text_file_write:
 *
 * Returns: (transfer full): the path of a new file with @text in it
 */
gchar *
text_file_write (const gchar *text)
{
  g_autofree gchar *path = NULL;
  g_autoptr (GError) error = NULL;
  gint fd = g_file_open_tmp ("peal-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_close (fd, NULL);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
  return g_steal_pointer (&path);
}

/**
 * text_file_remove:
 * @path: (transfer full) (nullable): removed, and freed
 */
void
text_file_remove (gchar *path)
{
  if (path)
    g_unlink (path);
  g_free (path);
}
