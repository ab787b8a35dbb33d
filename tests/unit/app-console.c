/*
 * What people read: bitrates, status lines, the QR code, colours only where
 * there is a terminal.
 */
#include <string.h>

#include "app/console.h"
#include "app/peer-view.h"
#include "app/qr.h"

static void
a_bitrate_has_the_unit_that_suits_it (void)
{
  g_autofree gchar *small = peal_format_bitrate (64000);
  g_autofree gchar *large = peal_format_bitrate (2345678);

  g_assert_cmpstr (small, ==, "64 kbit/s");
  g_assert_cmpstr (large, ==, "2.3 Mbit/s");
}

static void
a_status_line_says_what_arrives (void)
{
  g_autoptr (PealPeerView) view =
      peal_peer_view_new ("x1", "Anna", "connected");
  PealPeerRates rates = { 29.7, 1250000, 900000 };
  g_autofree gchar *line = NULL;

  view->video_width = 640;
  view->video_height = 360;
  view->round_trip_ms = 4;
  view->fraction_lost = 0.013;
  line = peal_peer_view_to_status (view, &rates);
  g_assert_cmpstr (line, ==,
      "Anna  connected  640x360 30/s  1.2 Mbit/s in  900 kbit/s out  4 ms  "
      "1.3 % lost");
}

static void
a_member_without_a_name_is_called_by_its_id (void)
{
  g_autoptr (PealPeerView) view = peal_peer_view_new ("x1", NULL, "new");

  g_assert_cmpstr (peal_peer_view_get_label (view), ==, "x1");
}

static void
no_colours_without_a_terminal (void)
{
  g_autoptr (PealConsole) console = peal_console_new ("call", FALSE);
  g_autofree gchar *text = peal_console_paint (console, PEAL_TONE_BAD, "no");

  if (peal_console_is_terminal (console))
    g_test_skip ("standard output is a terminal");
  else
    g_assert_cmpstr (text, ==, "no");
}

static void
a_qr_code_is_square_and_has_a_quiet_zone (void)
{
  g_autofree gchar *text = peal_qr_to_text ("https://192.168.1.20:8443/lobby");
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  guint count = g_strv_length (lines) - 1;
  glong width = g_utf8_strlen (lines[0], -1);

  /* Two rows to a line: as many columns as twice the lines, or one fewer. */
  g_assert_cmpint (ABS (width - 2 * (glong)count), <=, 1);
  for (guint i = 0; i < count; i++) {
    g_assert_cmpint (g_utf8_strlen (lines[i], -1), ==, width);
    g_assert_true (g_str_has_prefix (lines[i], "██"));
  }
  g_assert_null (strchr (lines[0], ' '));
}

static void
a_text_too_long_for_a_qr_code_is_refused (void)
{
  g_autofree gchar *text = g_strnfill (4000, 'x');

  g_assert_null (peal_qr_to_text (text));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/app/console/a-bitrate-has-the-unit-that-suits-it",
      a_bitrate_has_the_unit_that_suits_it);
  g_test_add_func ("/app/console/a-status-line-says-what-arrives",
      a_status_line_says_what_arrives);
  g_test_add_func ("/app/console/a-member-without-a-name-is-called-by-its-id",
      a_member_without_a_name_is_called_by_its_id);
  g_test_add_func ("/app/console/no-colours-without-a-terminal",
      no_colours_without_a_terminal);
  g_test_add_func ("/app/qr/a-code-is-square-and-has-a-quiet-zone",
      a_qr_code_is_square_and_has_a_quiet_zone);
  g_test_add_func ("/app/qr/a-text-too-long-is-refused",
      a_text_too_long_for_a_qr_code_is_refused);
  return g_test_run ();
}
