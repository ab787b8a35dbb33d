/*
 * The property table of pealbin: every property keeps what it is given, and
 * what follows from them.
 */
#include "element/settings.h"

#include <glib/gstdio.h>
#include <string.h>

#include "base/error.h"
#include "element/peal-bin.h"
#include "base/certificate-maker.h"

#define BEGIN "-----BEGIN "
#define END "-----END "
static GstElement *
new_call (void)
{
  return gst_object_ref_sink (g_object_new (PEAL_TYPE_BIN, NULL));
}

static void
list_own (GObject *object, void (*func) (GObject *, GParamSpec *))
{
  guint count = 0;
  g_autofree GParamSpec **specs =
      g_object_class_list_properties (G_OBJECT_GET_CLASS (object), &count);

  for (guint i = 0; i < count; i++)
    if (specs[i]->owner_type == PEAL_TYPE_BIN)
      func (object, specs[i]);
}

static void
check_blurb (GObject *object, GParamSpec *spec)
{
  const gchar *blurb = g_param_spec_get_blurb (spec);

  g_assert_nonnull (blurb);
  g_assert_cmpuint (strlen (blurb), >, 10);
  if (!G_IS_PARAM_SPEC_UINT (spec))
    return;
  if (!strstr (blurb, "bit/s") && !strstr (blurb, "milliseconds"))
    g_error ("%s has no unit", spec->name);
}

static void
test_blurbs (void)
{
  g_autoptr (GstElement) call = new_call ();

  list_own (G_OBJECT (call), check_blurb);
}

static void
fill (GParamSpec *spec, GValue *value)
{
  if (G_IS_PARAM_SPEC_STRING (spec))
    g_value_set_string (value, "given");
  else if (G_IS_PARAM_SPEC_UINT (spec))
    g_value_set_uint (value, G_PARAM_SPEC_UINT (spec)->minimum + 1);
  else if (G_IS_PARAM_SPEC_BOOLEAN (spec))
    g_value_set_boolean (value, !G_PARAM_SPEC_BOOLEAN (spec)->default_value);
  else
    gst_value_deserialize (value, "<\"turn://a:b@c\", \"turn://d:e@f\">");
}

static void
check_round_trip (GObject *object, GParamSpec *spec)
{
  GValue given = G_VALUE_INIT;
  GValue got = G_VALUE_INIT;

  g_value_init (&got, spec->value_type);
  g_object_get_property (object, spec->name, &got);
  if (spec->flags & G_PARAM_WRITABLE) {
    if (!GST_IS_PARAM_SPEC_ARRAY_LIST (spec))
      g_assert_true (g_param_value_defaults (spec, &got));
    g_value_init (&given, spec->value_type);
    fill (spec, &given);
    g_object_set_property (object, spec->name, &given);
    g_value_reset (&got);
    g_object_get_property (object, spec->name, &got);
    if (gst_value_compare (&given, &got) != GST_VALUE_EQUAL)
      g_error ("%s does not keep its value", spec->name);
    g_value_unset (&given);
  }
  g_value_unset (&got);
}

static void
test_round_trip (void)
{
  g_autoptr (GstElement) call = new_call ();

  list_own (G_OBJECT (call), check_round_trip);
}

static void
test_copy (void)
{
  g_auto (PealSettings) settings = { 0 };
  g_auto (PealSettings) copy = { 0 };
  gchar *servers[] = { g_strdup ("turn://a:b@c"), NULL };

  peal_settings_init (&settings);
  settings.uri = g_strdup ("ws://h/r");
  settings.turn_servers = g_strdupv (servers);
  g_free (servers[0]);
  peal_settings_copy (&settings, &copy);
  g_assert_cmpstr (copy.uri, ==, "ws://h/r");
  g_assert_true (copy.uri != settings.uri);
  g_assert_cmpstr (copy.turn_servers[0], ==, "turn://a:b@c");
  g_assert_cmpuint (copy.latency, ==, settings.latency);
  g_assert_cmpstr (copy.ice_transport_policy, ==, "all");
}

/* ---- checks -------------------------------------------------------------- */

typedef struct {
  const gchar *uri;
  const gchar *serve;
  const gchar *policy;
  const gchar *video;
  const gchar *audio;
  guint min_bps;
  guint max_bps;
  const gchar *words; /* NULL: good */
} Row;

static const Row rows[] = {
  { "ws://h/r", NULL, "all", NULL, NULL, 1, 2, NULL },
  { NULL, "8080", "relay", "vp8, H264", "opus,PCMU", 2, 2, NULL },
  { "ws://h/r", NULL, "all", "", "", 1, 2, NULL },
  { NULL, NULL, "all", NULL, NULL, 1, 2, "set uri" },
  { "http://h/r", NULL, "all", NULL, NULL, 1, 2, "ws" },
  { "lobby", NULL, "all", NULL, NULL, 1, 2, "scheme" },
  { "ws://h/r", NULL, "some", NULL, NULL, 1, 2, "ice-transport-policy" },
  { "ws://h/r", NULL, NULL, NULL, NULL, 1, 2, "ice-transport-policy" },
  { "ws://h/r", NULL, "all", "VP8,OPUS", NULL, 1, 2, "OPUS" },
  { "ws://h/r", NULL, "all", NULL, "MP3", 1, 2, "MP3" },
  { "ws://h/r", NULL, "all", NULL, NULL, 3, 2, "min-bitrate" },
};

static void
test_check (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    const Row *row = &rows[i];
    PealSettings settings = { .uri = (gchar *)row->uri,
      .serve = (gchar *)row->serve,
      .ice_transport_policy = (gchar *)row->policy,
      .video_codecs = (gchar *)row->video,
      .audio_codecs = (gchar *)row->audio,
      .min_bitrate = row->min_bps,
      .max_bitrate = row->max_bps };
    g_autoptr (GError) error = NULL;

    g_assert_true (
        peal_settings_check (&settings, &error) == (row->words == NULL));
    if (!row->words)
      continue;
    g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
    if (!strstr (error->message, row->words))
      g_error ("'%s' does not name '%s'", error->message, row->words);
  }
}

static void
test_codecs (void)
{
  PealSettings settings = { .video_codecs = (gchar *)" VP8 , H264" };
  g_auto (GStrv) video =
      peal_settings_list_codecs (&settings, PEAL_MEDIA_VIDEO);

  g_assert_cmpuint (g_strv_length (video), ==, 2);
  g_assert_cmpstr (video[0], ==, "VP8");
  g_assert_cmpstr (video[1], ==, "H264");
  g_assert_null (peal_settings_list_codecs (&settings, PEAL_MEDIA_AUDIO));
}

static void
test_signaller_config (void)
{
  PealSettings settings = { .uri = (gchar *)"ws://h/r",
    .peer_name = (gchar *)"alice",
    .token = (gchar *)"t",
    .no_retry = TRUE };
  g_autoptr (PealSignallerConfig) config =
      peal_settings_make_signaller_config (&settings);

  g_assert_cmpstr (config->uri, ==, "ws://h/r");
  g_assert_cmpstr (config->peer_name, ==, "alice");
  g_assert_cmpstr (config->token, ==, "t");
  g_assert_null (config->room);
  g_assert_true (config->prefers_offering);
  g_assert_true (config->no_retry);
}

/* ---- the certificate ----------------------------------------------------- */

static gchar *
load (const gchar *certificate, GError **error)
{
  PealSettings settings = { .certificate = (gchar *)certificate };

  return peal_settings_load_certificate (&settings, error);
}

static void
assert_refused (const gchar *certificate)
{
  g_autoptr (GError) error = NULL;

  g_assert_null (load (certificate, &error));
  g_assert_error (error, PEAL_ERROR, PEAL_ERROR_USAGE);
}

static gchar *
make_pem (void)
{
  gchar *pem = peal_certificate_maker_new_anonymous (
      g_get_real_time () / G_USEC_PER_SEC, NULL);

  g_assert_nonnull (pem);

  return pem;
}

static void
test_certificate (void)
{
  g_autofree gchar *pem = make_pem ();
  g_autoptr (GError) error = NULL;
  g_autofree gchar *path = NULL;
  gint fd = g_file_open_tmp ("peal-XXXXXX", &path, NULL);
  g_autofree gchar *from_text = load (pem, &error);
  g_autofree gchar *from_file = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (from_text, ==, pem);
  g_close (fd, NULL);
  assert_refused (path);
  g_assert_true (g_file_set_contents (path, pem, -1, NULL));
  from_file = load (path, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (from_file, ==, pem);
  g_unlink (path);
  assert_refused (path);
  g_assert_null (load (NULL, &error));
  g_assert_null (load ("", &error));
  g_assert_no_error (error);
}

static void
test_bad_certificate (void)
{
  g_autofree gchar *pem = make_pem ();
  gchar *end = strstr (pem, END "CERTIFICATE");
  g_autofree gchar *alone = g_strndup (pem, (gsize)(end - pem));
  g_autofree gchar *closed =
      g_strconcat (alone, END "CERTIFICATE-----\n", NULL);
  g_autofree gchar *nonsense = g_strconcat (BEGIN "CERTIFICATE-----\nx\n",
      END "CERTIFICATE-----\n", strstr (pem, END) + strlen (END), NULL);

  assert_refused (closed);
  assert_refused (nonsense);
}

int
main (int argc, char **argv)
{
  gst_init (&argc, &argv);
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/settings/every-property-says-what-it-is", test_blurbs);
  g_test_add_func (
      "/settings/every-property-keeps-what-it-is-given", test_round_trip);
  g_test_add_func ("/settings/a-copy-is-its-own", test_copy);
  g_test_add_func ("/settings/what-cannot-be-is-named", test_check);
  g_test_add_func ("/settings/codecs-are-a-list-with-commas", test_codecs);
  g_test_add_func (
      "/settings/the-signaller-gets-what-is-set", test_signaller_config);
  g_test_add_func ("/settings/a-certificate-is-text-or-a-file-with-its-key",
      test_certificate);
  g_test_add_func ("/settings/a-certificate-that-cannot-be-used-is-refused",
      test_bad_certificate);

  return g_test_run ();
}
