/*
 * The summary: everyone who was ever in the call, with their last figures.
 */
#include <string.h>

#include "app/summary.h"

static void
note (PealSummary *summary, const gchar *message)
{
  g_autoptr (GstStructure) structure =
      gst_structure_from_string (message, NULL);

  peal_summary_note_message (summary, structure);
}

static void
note_figures (
    PealSummary *summary, guint64 frames, guint64 bytes, gdouble now_s)
{
  g_autoptr (GstStructure) peer = gst_structure_new ("peer", "id",
      G_TYPE_STRING, "x1", "name", G_TYPE_STRING, "Anna", "state",
      G_TYPE_STRING, "connected", "setup-ms", G_TYPE_DOUBLE, 24.5,
      "video-frames", G_TYPE_UINT64, frames, "video-width", G_TYPE_UINT, 640u,
      "video-height", G_TYPE_UINT, 360u, "bytes-received", G_TYPE_UINT64, bytes,
      "local-candidate", G_TYPE_STRING, "srflx", "remote-candidate",
      G_TYPE_STRING, "host", NULL);
  g_autoptr (GstStructure) stats =
      gst_structure_new ("peal-stats", "x1", GST_TYPE_STRUCTURE, peer, NULL);

  peal_summary_note_stats (summary, stats, now_s);
}

static void
rates_come_from_two_looks (void)
{
  g_autoptr (PealSummary) summary = peal_summary_new ();
  g_auto (GStrv) lines = NULL;

  note_figures (summary, 100, 1000, 1.0);
  note_figures (summary, 160, 251000, 3.0);
  lines = peal_summary_dup_status (summary);
  g_assert_nonnull (
      strstr (lines[0], "connected  srflx/host  640x360 30/s  1.0 Mbit/s in"));
}

static void
a_member_that_left_stays_in_the_summary (void)
{
  g_autoptr (PealSummary) summary = peal_summary_new ();
  g_autoptr (JsonNode) event = NULL;
  g_auto (GStrv) status = NULL;
  g_autofree gchar *text = NULL;

  note (summary, "peer-joined, id=(string)x1, name=(string)Anna");
  note_figures (summary, 100, 1000, 1.0);
  note (summary, "peer-left, id=(string)x1, name=(string)Anna");
  status = peal_summary_dup_status (summary);
  event = peal_summary_to_json (summary);
  text = json_to_string (event, FALSE);
  g_assert_null (status[0]);
  g_assert_cmpstr (text, ==,
      "{\"event\":\"summary\",\"peers\":[{\"id\":\"x1\",\"name\":\"Anna\","
      "\"state\":\"closed\",\"ice_state\":null,\"local_candidate\":\"srflx\","
      "\"remote_candidate\":\"host\",\"setup_ms\":24.5,\"first_picture_ms\":"
      "null,"
      "\"video_frames\":100,\"video_width\":640,\"video_height\":360,"
      "\"audio_ms\":0,\"bytes_received\":1000,\"bytes_sent\":0}]}");
}

static void
a_rebuilt_connection_counts_from_nothing (void)
{
  g_autoptr (PealSummary) summary = peal_summary_new ();
  g_auto (GStrv) lines = NULL;

  note_figures (summary, 1000, 1000000, 1.0);
  note_figures (summary, 30, 12500, 2.0);
  lines = peal_summary_dup_status (summary);
  g_assert_nonnull (strstr (lines[0], "30/s  100 kbit/s in"));
}

static void
nobody_is_an_empty_list (void)
{
  g_autoptr (PealSummary) summary = peal_summary_new ();
  g_autoptr (JsonNode) event = peal_summary_to_json (summary);
  g_autofree gchar *text = json_to_string (event, FALSE);

  g_assert_cmpstr (text, ==, "{\"event\":\"summary\",\"peers\":[]}");
}

int
main (int argc, char **argv)
{
  gst_init (NULL, NULL);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func (
      "/app/summary/rates-come-from-two-looks", rates_come_from_two_looks);
  g_test_add_func ("/app/summary/a-member-that-left-stays",
      a_member_that_left_stays_in_the_summary);
  g_test_add_func ("/app/summary/a-rebuilt-connection-counts-from-nothing",
      a_rebuilt_connection_counts_from_nothing);
  g_test_add_func (
      "/app/summary/nobody-is-an-empty-list", nobody_is_an_empty_list);
  return g_test_run ();
}
