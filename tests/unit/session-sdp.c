/*
 * What passes the checks of session descriptions, and what does not: one good
 * description, and one thing changed at a time.
 */
#include "session/sdp-mend.h"
#include "session/sdp.h"

#include <string.h>

#include "base/error.h"
#include "session/candidate.h"

#define FINGERPRINT                                                        \
  "sha-256 00:11:22:33:44:55:66:77:88:99:AA:BB:CC:DD:EE:FF:00:11:22:33:44" \
  ":55:66:77:88:99:AA:BB:CC:DD:EE:FF"
#define GOOD_CANDIDATE "a=candidate:1 1 UDP 1 192.0.2.1 9 typ host\r\n"

#define TRANSPORT                          \
  "a=setup:actpass\r\n"                    \
  "a=ice-ufrag:abcdefgh\r\n"               \
  "a=ice-pwd:abcdefghijklmnopqrstuvwx\r\n" \
  "a=fingerprint:" FINGERPRINT "\r\n"

#define HEAD                     \
  "v=0\r\n"                      \
  "o=- 1 1 IN IP4 127.0.0.1\r\n" \
  "s=-\r\n"                      \
  "t=0 0\r\n"

/* Video with three formats, audio, and a data channel. */
static const gchar good[] =
    HEAD "a=group:BUNDLE 0 1 data\r\n"
         "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98\r\n"
         "c=IN IP4 0.0.0.0\r\n"
         "a=mid:0\r\n" TRANSPORT "a=rtcp-mux\r\n"
         "a=rtpmap:96 VP8/90000\r\n"
         "a=rtpmap:97 rtx/90000\r\n"
         "a=fmtp:97 apt=96\r\n"
         "a=rtpmap:98 H264/90000\r\n"
         "a=fmtp:98 packetization-mode=1;profile-level-id=42e01f\r\n"
         "m=audio 9 UDP/TLS/RTP/SAVPF 111\r\n"
         "c=IN IP4 0.0.0.0\r\n"
         "a=mid:1\r\n" TRANSPORT "a=recvonly\r\n"
         "a=rtpmap:111 opus/48000/2\r\n"
         "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\n"
         "c=IN IP4 0.0.0.0\r\n"
         "a=mid:data\r\n" TRANSPORT "a=sctp-port:5000\r\n";

static gchar *
change (const gchar *text, const gchar *from, const gchar *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, -1);

  g_assert_cmpuint (g_strv_length (parts), >, 1);

  return g_strjoinv (to, parts);
}

/* Only the first place. */
static gchar *
change_first (const gchar *text, const gchar *from, const gchar *to)
{
  g_auto (GStrv) parts = g_strsplit (text, from, 2);

  g_assert_cmpuint (g_strv_length (parts), ==, 2);

  return g_strjoinv (to, parts);
}

static PealSdp *
parse (const gchar *text)
{
  g_autoptr (GError) error = NULL;
  PealSdp *sdp = peal_sdp_parse (text, &error);

  g_assert_no_error (error);

  return sdp;
}

static void
test_good (void)
{
  g_autoptr (PealSdp) sdp = parse (good);
  const PealSdpMedia *video = peal_sdp_get_media (sdp, 0);
  const PealSdpMedia *audio = peal_sdp_get_media (sdp, 1);
  const PealSdpMedia *data = peal_sdp_get_media (sdp, 2);

  g_assert_cmpint (video->kind, ==, PEAL_MEDIA_VIDEO);
  g_assert_cmpstr (video->mid, ==, "0");
  g_assert_cmpuint (video->direction, ==, PEAL_SDP_SEND | PEAL_SDP_RECEIVE);
  g_assert_cmpint (audio->kind, ==, PEAL_MEDIA_AUDIO);
  g_assert_cmpuint (audio->direction, ==, PEAL_SDP_RECEIVE);
  g_assert_true (data->is_application);
  g_assert_null (peal_sdp_get_media (sdp, 3));
  g_assert_cmpuint (peal_sdp_count (sdp, PEAL_MEDIA_VIDEO), ==, 1);
  g_assert_cmpuint (peal_sdp_count (sdp, PEAL_MEDIA_AUDIO), ==, 1);
  g_assert_cmpuint (g_strv_length (sdp->fingerprints), ==, 3);
  g_assert_cmpstr (sdp->fingerprints[0], ==, FINGERPRINT);
}

static void
test_channel (void)
{
  g_autofree gchar *rejected =
      change (good, "m=application 9", "m=application 0");
  g_autofree gchar *bundled = change (rejected, "a=sctp-port:5000\r\n",
      "a=sctp-port:5000\r\na=bundle-only\r\n");
  g_autoptr (PealSdp) sdp = parse (good);
  g_autoptr (PealSdp) without = parse (rejected);
  g_autoptr (PealSdp) only = parse (bundled);

  g_assert_true (peal_sdp_has_channel (sdp->message));
  g_assert_false (peal_sdp_has_channel (without->message));
  g_assert_true (peal_sdp_has_channel (only->message));
  peal_sdp_refuse_channel (sdp->message);
  g_assert_false (peal_sdp_has_channel (sdp->message));
}

static void
test_mended (void)
{
  g_autofree gchar *rejected =
      change (good, "m=application 9", "m=application 0");
  g_autofree gchar *text =
      change (rejected, "a=sctp-port:5000\r\n", "a=bundle-only\r\n");
  g_autoptr (PealSdp) sdp = parse (text);
  const GstSDPMedia *data = gst_sdp_message_get_media (sdp->message, 2);
  GstSDPMedia *video = &g_array_index (sdp->message->medias, GstSDPMedia, 0);

  for (guint i = 0; i < gst_sdp_media_attributes_len (video); i++)
    if (g_str_equal (
            gst_sdp_media_get_attribute (video, i)->key, "fingerprint"))
      gst_sdp_media_remove_attribute (video, i);
  gst_sdp_media_add_attribute (video, "fingerprint", "sha-256 AA:BB");
  peal_sdp_mend_rejected (sdp->message);
  g_assert_cmpstr (gst_sdp_media_get_attribute_val (data, "fingerprint"), ==,
      "sha-256 AA:BB");
  g_assert_null (gst_sdp_media_get_attribute_val (data, "bundle-only"));
}

static void
test_formats (void)
{
  g_autoptr (PealSdp) sdp = parse (good);
  const PealSdpMedia *video = peal_sdp_get_media (sdp, 0);
  const PealSdpFormat *h264 =
      peal_sdp_media_find_format (video, peal_codec_find ("H264"));
  const GstStructure *fields;

  g_assert_cmpuint (video->formats->len, ==, 2);
  g_assert_nonnull (h264);
  g_assert_cmpuint (h264->payload_type, ==, 98);
  fields = gst_caps_get_structure (h264->caps, 0);
  g_assert_cmpstr (
      gst_structure_get_string (fields, "packetization-mode"), ==, "1");
  g_assert_null (peal_sdp_media_find_format (video, peal_codec_find ("VP9")));
  g_assert_null (peal_sdp_media_find_format (video, peal_codec_find ("OPUS")));
}

static void
test_line_feeds (void)
{
  g_autofree gchar *text = change (good, "\r\n", "\n");
  g_autoptr (PealSdp) sdp = parse (text);

  g_assert_cmpuint (sdp->media->len, ==, 3);
}

static void
test_session_level (void)
{
  g_autofree gchar *without = change (good, TRANSPORT, "");
  g_autofree gchar *text =
      change_first (without, "t=0 0\r\n", "t=0 0\r\n" TRANSPORT);
  g_autoptr (PealSdp) sdp = parse (text);

  for (guint i = 0; i < 3; i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (sdp->message, i);

    g_assert_cmpstr (
        gst_sdp_media_get_attribute_val (media, "ice-ufrag"), ==, "abcdefgh");
    g_assert_cmpstr (gst_sdp_media_get_attribute_val (media, "fingerprint"), ==,
        FINGERPRINT);
  }
}

static void
test_rejected (void)
{
  g_autofree gchar *text = change_first (good, "m=audio 9", "m=audio 0");
  g_autoptr (PealSdp) sdp = parse (text);

  g_assert_true (peal_sdp_get_media (sdp, 1)->is_rejected);
  g_assert_cmpuint (peal_sdp_count (sdp, PEAL_MEDIA_AUDIO), ==, 0);
}

static void
test_bundle_only (void)
{
  g_autofree gchar *zero = change_first (good, "m=audio 9", "m=audio 0");
  g_autofree gchar *text =
      change_first (zero, "a=mid:1\r\n", "a=mid:1\r\na=bundle-only\r\n");
  g_autoptr (PealSdp) sdp = parse (text);

  g_assert_false (peal_sdp_get_media (sdp, 1)->is_rejected);
}

/* ---- what is refused ----------------------------------------------------- */

typedef struct {
  const gchar *from;
  const gchar *to;
  const gchar *words;
} Bad;

static const Bad bad[] = {
  { "a=mid:", "a=dim:", "mid" },
  { "a=mid:1\r\n", "a=mid:\r\n", "mid" },
  { "a=mid:1\r\n", "a=mid:0\r\n", "same mid" },
  { "a=mid:1\r\n", "a=mid:0123456789012345678901234567890123\r\n", "mid" },
  { "a=group:BUNDLE 0 1 data\r\n", "", "bundle" },
  { "BUNDLE 0 1 data", "BUNDLE 0 1 data more", "unknown mid" },
  { "a=group:BUNDLE 0 1 data\r\n",
      "a=group:BUNDLE 0\r\na=group:BUNDLE 1 data\r\n", "more than one" },
  { "a=group:BUNDLE 0 1 data\r\n", "a=group:LS 0 1\r\n", "bundle" },
  { "a=group:BUNDLE 0 1 data\r\n", "a=group:BUNDLEX 0 1 data\r\n", "bundle" },
  { "a=setup:", "a=x:", "setup" },
  { "a=ice-ufrag:", "a=x:", "ice-ufrag" },
  { "a=ice-pwd:", "a=x:", "ice-pwd" },
  { "a=fingerprint:", "a=x:", "fingerprint" },
  { "sha-256 00", "sha-1 00", "fingerprint" },
  { "00:11:22", "11:22", "fingerprint" },
  { "m=audio", "m=text", "neither" },
};

static void
test_bad (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (bad); i++) {
    g_autofree gchar *text = change (good, bad[i].from, bad[i].to);
    g_autoptr (GError) error = NULL;

    g_assert_null (peal_sdp_parse (text, &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
    if (!strstr (error->message, bad[i].words))
      g_error ("'%s' does not name '%s'", error->message, bad[i].words);
  }
}

static const gchar *const garbage[] = { "", "\n", "v=0\r\n", "rubbish",
  "v=1\r\nm=\r\n", HEAD, HEAD "m=video\r\n", HEAD "m=video 9\r\n",
  HEAD "m=video 9 RTP/AVP\r\n", HEAD "a=\r\na=:\r\na=group:BUNDLE\r\n",
  "\xff\xfe v=0", HEAD "m=audio 99999 RTP/AVP 0\r\n",
  "m=video 9 x 0\r\nc=\r\nb=\r\nk=\r\nt=\r\nr=\r\nz=\r\n" };

static void
test_garbage (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (garbage); i++) {
    g_autoptr (GError) error = NULL;

    g_assert_null (peal_sdp_parse (garbage[i], &error));
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_PEER);
  }
}

/* Every beginning of a good one, and every byte of it changed: no crash. */
static void
test_torn (void)
{
  for (gsize length = 0; length < sizeof (good) - 1; length++) {
    g_autofree gchar *text = g_strndup (good, length);
    PealSdp *sdp = peal_sdp_parse (text, NULL);

    g_clear_pointer (&sdp, peal_sdp_free);
    g_free (text);
    text = g_strdup (good);
    text[length] = '~';
    sdp = peal_sdp_parse (text, NULL);
    g_clear_pointer (&sdp, peal_sdp_free);
  }
}

static gchar *
repeat (const gchar *line, guint count)
{
  GString *text = g_string_new (NULL);

  for (guint i = 0; i < count; i++)
    g_string_append (text, line);

  return g_string_free (text, FALSE);
}

static void
test_too_much (void)
{
  g_autofree gchar *attributes = repeat ("a=x\r\n", 1001);
  g_autofree gchar *in_media = g_strconcat (good, attributes, NULL);
  g_autofree gchar *large = repeat ("a=0123456789\r\n", 5000);
  g_autofree gchar *too_large = g_strconcat (good, large, NULL);
  g_autofree gchar *lines =
      repeat ("m=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:x\r\n" TRANSPORT, 20);
  g_autofree gchar *too_many = g_strconcat (good, lines, NULL);

  g_assert_null (peal_sdp_parse (in_media, NULL));
  g_assert_null (peal_sdp_parse (too_large, NULL));
  g_assert_null (peal_sdp_parse (too_many, NULL));
}

/* ---- candidates ---------------------------------------------------------- */

static guint
count_candidates (PealSdp *sdp)
{
  guint count = 0;

  for (guint i = 0; i < gst_sdp_message_medias_len (sdp->message); i++) {
    const GstSDPMedia *media = gst_sdp_message_get_media (sdp->message, i);

    for (guint j = 0; gst_sdp_media_get_attribute_val_n (media, "candidate", j);
         j++)
      count++;
  }

  return count;
}

static void
test_candidates (void)
{
  g_autofree gchar *text = g_strconcat (good, GOOD_CANDIDATE,
      "a=candidate:1 1 UDP 1 name.local 9 typ host\r\n",
      "a=candidate:1 1 TCP 1 192.0.2.1 9 typ host\r\n", "a=candidate:\r\n",
      GOOD_CANDIDATE, NULL);
  g_autoptr (PealSdp) sdp = parse (text);

  g_assert_cmpuint (count_candidates (sdp), ==, 2);
}

static void
test_many_candidates (void)
{
  g_autofree gchar *many = repeat (GOOD_CANDIDATE, 900);
  g_autofree gchar *text = g_strconcat (good, many, NULL);
  g_autoptr (PealSdp) sdp = parse (text);

  g_assert_cmpuint (count_candidates (sdp), ==, PEAL_CANDIDATE_LIMIT);
}

static void
test_set_fingerprint (void)
{
  g_autofree gchar *other = change (good, ":EE:FF\r\n", ":EE:00\r\n");
  g_autoptr (PealSdp) sdp = parse (other);
  g_autoptr (PealSdp) again = NULL;
  g_autofree gchar *text = NULL;

  peal_sdp_set_fingerprint (sdp->message, FINGERPRINT);
  text = gst_sdp_message_as_text (sdp->message);
  g_assert_null (strstr (text, ":EE:00"));
  again = parse (text);
  g_assert_cmpuint (g_strv_length (again->fingerprints), ==, 3);
  g_assert_cmpstr (again->fingerprints[2], ==, FINGERPRINT);
}

/* ---- answers ------------------------------------------------------------- */

static gboolean
answers (const gchar *text)
{
  g_autoptr (PealSdp) offer = parse (good);
  g_autoptr (PealSdp) answer = parse (text);
  g_autoptr (GError) error = NULL;
  gboolean is_answer = peal_sdp_answers (answer, offer, &error);

  g_assert_true (is_answer == (error == NULL));

  return is_answer;
}

static void
test_answers (void)
{
  g_autofree gchar *audio = change (good, "m=audio", "m=video");
  g_autofree gchar *rejected = change_first (good, "m=audio 9", "m=audio 0");
  g_autofree gchar *renamed = change (good, "a=mid:1\r\n", "a=mid:2\r\n");
  g_autofree gchar *mid = change (renamed, "BUNDLE 0 1", "BUNDLE 0 2");
  g_autofree gchar *group = change (good, " data\r\n", "\r\n");
  g_autofree gchar *fewer =
      g_strndup (group, (gsize)(strstr (group, "m=application") - group));

  g_assert_true (answers (good));
  g_assert_true (answers (rejected));
  g_assert_false (answers (audio));
  g_assert_false (answers (mid));
  g_assert_false (answers (fewer));
}

static void
test_only_sends (void)
{
  g_autofree gchar *one_way = change (good, "a=mid:0", "a=mid:0\r\na=sendonly");
  g_autofree gchar *sends = change (one_way, "a=recvonly", "a=sendonly");
  g_autoptr (PealSdp) both = peal_sdp_parse (good, NULL);
  g_autoptr (PealSdp) mixed = peal_sdp_parse (one_way, NULL);
  g_autoptr (PealSdp) only = peal_sdp_parse (sends, NULL);

  g_assert_false (peal_sdp_only_sends (both));
  g_assert_false (peal_sdp_only_sends (mixed));
  g_assert_true (peal_sdp_only_sends (only));
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/sdp/a-good-description-is-read", test_good);
  g_test_add_func ("/sdp/formats-that-we-know-are-kept", test_formats);
  g_test_add_func ("/sdp/lines-may-end-in-line-feeds", test_line_feeds);
  g_test_add_func ("/sdp/attributes-of-the-session-count-for-each-m-line",
      test_session_level);
  g_test_add_func ("/sdp/an-m-line-may-be-rejected", test_rejected);
  g_test_add_func ("/sdp/bundle-only-is-not-rejected", test_bundle_only);
  g_test_add_func ("/sdp/what-webrtcbin-cannot-take-is-refused", test_bad);
  g_test_add_func ("/sdp/garbage-is-refused", test_garbage);
  g_test_add_func ("/sdp/torn-and-changed-text-does-no-harm", test_torn);
  g_test_add_func ("/sdp/too-much-is-refused", test_too_much);
  g_test_add_func (
      "/sdp/candidates-that-are-no-addresses-are-left-out", test_candidates);
  g_test_add_func (
      "/sdp/candidates-beyond-the-limit-are-left-out", test_many_candidates);
  g_test_add_func (
      "/sdp/a-fingerprint-takes-the-place-of-others", test_set_fingerprint);
  g_test_add_func (
      "/sdp/a-data-channel-is-found-and-can-be-refused", test_channel);
  g_test_add_func (
      "/sdp/what-is-rejected-has-the-fingerprint-of-the-rest", test_mended);
  g_test_add_func ("/sdp/an-answer-has-the-m-lines-of-the-offer", test_answers);

  g_test_add_func ("/sdp/one-that-wants-no-media-is-known", test_only_sends);
  return g_test_run ();
}
