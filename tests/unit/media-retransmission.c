/*
 * Packets are made once for all viewers, and yet each of them loses its own.
 *
 *   source ! track ─┬─ branch ! rtprtxsend ! fakesink   (Alice)
 *                   └─ branch ! rtprtxsend ! fakesink   (Bob)
 *
 * rtprtxsend is what webrtcbin retransmits with.
 */
#include <gst/gst.h>
#include <gst/rtp/rtp.h>

#include "media/track.h"
#include "track-rig.h"
#include "wait.h"

#define NOISY_CAMERA "videotestsrc is-live=true pattern=snow ! " PICTURE

/* A viewer behind webrtcbin's rtprtxsend, which keeps what it sent. */
typedef struct {
  Rig *rig;
  PealTrackBranch *branch;
  GstElement *keeper;
  GstElement *end;
  guint ssrc;
  guint lost_after; /* this many packets */

  GMutex lock;
  guint n_packets;  /* guarded by lock */
  GstBuffer *lost;  /* (nullable): guarded by lock */
  GstBuffer *again; /* (nullable): guarded by lock */
} Loser;

#define PAYLOAD_TYPE 100
#define AGAIN_PAYLOAD_TYPE 101

static gboolean
note_packet (GstBuffer **packet, guint index, gpointer data)
{
  Loser *self = data;
  GstRTPBuffer rtp = GST_RTP_BUFFER_INIT;
  guint payload_type;

  g_assert_true (gst_rtp_buffer_map (*packet, GST_MAP_READ, &rtp));
  payload_type = gst_rtp_buffer_get_payload_type (&rtp);
  gst_rtp_buffer_unmap (&rtp);
  g_mutex_lock (&self->lock);
  if (payload_type == AGAIN_PAYLOAD_TYPE)
    gst_buffer_replace (&self->again, *packet);
  else if (self->n_packets++ == self->lost_after)
    gst_buffer_replace (&self->lost, *packet);
  g_mutex_unlock (&self->lock);
  return TRUE;
}

static GstPadProbeReturn
on_kept (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  if (info->type & GST_PAD_PROBE_TYPE_BUFFER_LIST)
    gst_buffer_list_foreach (
        GST_PAD_PROBE_INFO_BUFFER_LIST (info), note_packet, data);
  else
    note_packet ((GstBuffer **)&GST_PAD_PROBE_INFO_DATA (info), 0, data);
  return GST_PAD_PROBE_OK;
}

static GstElement *
make_keeper (void)
{
  GstElement *keeper = gst_element_factory_make ("rtprtxsend", NULL);
  g_autoptr (GstStructure) map = gst_structure_new (
      "application/x-rtp-pt-map", "100", G_TYPE_UINT, AGAIN_PAYLOAD_TYPE, NULL);

  g_object_set (keeper, "payload-type-map", map, NULL);
  return keeper;
}

static Loser *
when_somebody_loses (Rig *rig, guint ssrc, guint lost_after)
{
  PealBranchParams params = { .payload_type = PAYLOAD_TYPE, .ssrc = ssrc };
  Loser *self = g_new0 (Loser, 1);
  g_autoptr (GstPad) src = NULL;

  self->rig = rig;
  self->ssrc = ssrc;
  self->lost_after = lost_after;
  self->keeper = make_keeper ();
  self->end = gst_element_factory_make ("fakesink", NULL);
  g_object_set (self->end, "async", FALSE, "sync", FALSE, NULL);
  self->branch = peal_track_add_branch (
      PEAL_TRACK (rig->track), peal_codec_find ("H264"), &params, NULL);
  gst_bin_add_many (GST_BIN (rig->pipeline), GST_ELEMENT (self->branch),
      self->keeper, self->end, NULL);
  g_assert_true (gst_element_link_many (
      GST_ELEMENT (self->branch), self->keeper, self->end, NULL));
  src = gst_element_get_static_pad (self->keeper, "src");
  gst_pad_add_probe (src,
      GST_PAD_PROBE_TYPE_BUFFER | GST_PAD_PROBE_TYPE_BUFFER_LIST, on_kept, self,
      NULL);
  gst_element_sync_state_with_parent (self->end);
  gst_element_sync_state_with_parent (self->keeper);
  gst_element_sync_state_with_parent (GST_ELEMENT (self->branch));
  peal_track_branch_set_open (self->branch, TRUE);
  return self;
}

static void
when_the_loser_leaves (Loser *self)
{
  peal_track_remove_branch (PEAL_TRACK (self->rig->track), self->branch);
  remove_element (self->rig, GST_ELEMENT (self->branch));
  remove_element (self->rig, self->keeper);
  remove_element (self->rig, self->end);
  gst_clear_buffer (&self->lost);
  gst_clear_buffer (&self->again);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static gboolean
has_lost (gpointer data)
{
  Loser *self = data;
  gboolean has_lost;

  g_mutex_lock (&self->lock);
  has_lost = self->lost != NULL;
  g_mutex_unlock (&self->lock);
  return has_lost;
}

static gboolean
has_got_again (gpointer data)
{
  Loser *self = data;
  gboolean has_again;

  g_mutex_lock (&self->lock);
  has_again = self->again != NULL;
  g_mutex_unlock (&self->lock);
  return has_again;
}

static guint
seq_of (GstBuffer *packet)
{
  guint8 seq[2];

  gst_buffer_extract (packet, 2, seq, sizeof seq);
  return GST_READ_UINT16_BE (seq);
}

/* As webrtcbin's session does for a NACK. */
static void
ask_again (Loser *self)
{
  g_autoptr (GstPad) src = gst_element_get_static_pad (self->keeper, "src");
  guint seq = seq_of (self->lost);

  gst_pad_send_event (src,
      gst_event_new_custom (GST_EVENT_CUSTOM_UPSTREAM,
          gst_structure_new ("GstRTPRetransmissionRequest", "seqnum",
              G_TYPE_UINT, seq, "ssrc", G_TYPE_UINT, self->ssrc, NULL)));
}

/* RFC 4588 4: the original number, then the original payload. */
static void
assert_is_what_was_lost (Loser *self)
{
  GstRTPBuffer lost = GST_RTP_BUFFER_INIT;
  GstRTPBuffer again = GST_RTP_BUFFER_INIT;
  const guint8 *payload;
  guint size;

  g_assert_true (gst_rtp_buffer_map (self->lost, GST_MAP_READ, &lost));
  g_assert_true (gst_rtp_buffer_map (self->again, GST_MAP_READ, &again));
  size = gst_rtp_buffer_get_payload_len (&lost);
  payload = gst_rtp_buffer_get_payload (&again);
  g_assert_cmpuint (gst_rtp_buffer_get_payload_len (&again), ==, size + 2);
  g_assert_cmpuint (
      GST_READ_UINT16_BE (payload), ==, gst_rtp_buffer_get_seq (&lost));
  g_assert_cmpmem (payload + 2, size, gst_rtp_buffer_get_payload (&lost), size);
  gst_rtp_buffer_unmap (&lost);
  gst_rtp_buffer_unmap (&again);
}

static void
test_different_losses (void)
{
  Rig *rig = given_a_track (PEAL_MEDIA_VIDEO, NOISY_CAMERA);
  Loser *alice = when_somebody_loses (rig, 7001, 40);
  Loser *bob = when_somebody_loses (rig, 7002, 77);
  Loser *losers[] = { alice, bob };

  for (guint i = 0; i < 2; i++) {
    wait_for (has_lost, losers[i]);
    ask_again (losers[i]);
    wait_for (has_got_again, losers[i]);
    assert_is_what_was_lost (losers[i]);
  }
  when_the_loser_leaves (alice);
  when_the_loser_leaves (bob);
  then_it_ends (rig);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/retransmission/who-lost-a-packet-gets-its-own-again",
      test_different_losses);

  return g_test_run ();
}
