/*
 * The property table of pealbin. See settings.h. Called by peal-bin; no state
 * of its own.
 */
#include "element/settings.h"

#include <string.h>

#include "base/error.h"
#include "signalling/registry.h"
#include "wire/peal-rooms.h"

typedef enum {
  TYPE_STRING,
  TYPE_STRINGS,
  TYPE_UINT,
  TYPE_BOOLEAN,
} Type;

typedef struct {
  const gchar *name;
  Type type;
  gsize offset;
  guint min, max, standard; /* of numbers */
  const gchar *text;        /* default of strings */
  const gchar *blurb;
} Row;

#define AT(field) G_STRUCT_OFFSET (PealSettings, field)

/* The id of a property is its place in this table, from 1. */
static const Row rows[] = {
  { "uri", TYPE_STRING, AT (uri), 0, 0, 0, NULL,
      "Room to join, e.g. ws://HOST:8080/lobby. The scheme is the protocol: ws "
      "(Peal rooms), relay+ws, socketio+ws (?profile=mesh, py, codelab or "
      "broadcast), gstwebrtc+ws, gstexamples+ws; with wss, over TLS. "
      "The path is the room; ?name= and ?token= may follow. With serve set it "
      "may be left out. Takes effect at the next start" },
  { "room", TYPE_STRING, AT (room), 0, 0, 0, NULL,
      "Room name, " PEAL_ROOMS_ROOM_RULE "; overrides the uri's path" },
  { "peer-name", TYPE_STRING, AT (peer_name), 0, 0, 0, NULL,
      "Name that others see, at most 128 bytes; overrides the uri's name" },
  { "token", TYPE_STRING, AT (token), 0, 0, 0, NULL,
      "Secret that the room wants; overrides the uri's token; never logged" },
  { "stun-server", TYPE_STRING, AT (stun_server), 0, 0, 0, NULL,
      "STUN server, stun:HOST:PORT. Default: what the room hands out; no "
      "public server" },
  { "turn-servers", TYPE_STRINGS, AT (turn_servers), 0, 0, 0, NULL,
      "TURN servers, turn://USER:PASSWORD@HOST:PORT[?transport=udp|tcp], user "
      "and password percent-encoded. Default: what the room hands out. With "
      "serve, these and stun-server are what the room hands out to everyone" },
  { "turn-secret-file", TYPE_STRING, AT (turn_secret_file), 0, 0, 0, NULL,
      "With serve: file whose first line is the secret of those turn-servers "
      "that are given without a user, turn://HOST:PORT (coturn: "
      "static-auth-secret). Each member gets credentials of its own" },
  { "ice-transport-policy", TYPE_STRING, AT (ice_transport_policy), 0, 0, 0,
      "all", "Network paths to use: all, or relay (through TURN only)" },
  { "video-codecs", TYPE_STRING, AT (video_codecs), 0, 0, 0, NULL,
      "Video codecs, best first, with commas: H264,VP8,VP9,H265,AV1. Default: "
      "H264 where a hardware encoder exists, else VP8, then the others" },
  { "audio-codecs", TYPE_STRING, AT (audio_codecs), 0, 0, 0, NULL,
      "Audio codecs, best first, with commas: OPUS,PCMU,PCMA,G722" },
  { "min-bitrate", TYPE_UINT, AT (min_bitrate), 10000, 100000000, 100000, NULL,
      "Least bit rate of each video encoder, bit/s" },
  { "start-bitrate", TYPE_UINT, AT (start_bitrate), 10000, 100000000, 1500000,
      NULL, "Bit rate at which each video encoder begins, bit/s" },
  { "max-bitrate", TYPE_UINT, AT (max_bitrate), 10000, 100000000, 4000000, NULL,
      "Most bit rate of each video encoder, bit/s" },
  { "latency", TYPE_UINT, AT (latency), 0, 10000, 200, NULL,
      "Most that what is received may wait, milliseconds: it waits as long as "
      "the jitter of the network needs, and for lost packets. For connections "
      "made from now on" },
  { "min-latency", TYPE_UINT, AT (min_latency), 0, 10000, 0, NULL,
      "Least that what is received waits, milliseconds: for networks known to "
      "be unsteady. For connections made from now on" },
  { "certificate", TYPE_STRING, AT (certificate), 0, 0, 0, NULL,
      "DTLS certificate and private key, PEM text or a file's path, so that a "
      "device keeps its identity. Default: made anew in each process" },
  { "serve", TYPE_STRING, AT (serve), 0, 0, 0, NULL,
      "Run the room server and its web page inside this element at "
      "ADDRESS:PORT (PORT alone: this machine only; port 0: a free one). "
      "https://ADDRESS:PORT serves over TLS with a certificate of its own "
      "making, which browsers on other machines need for camera and "
      "microphone. A token set here is wanted from everyone" },
  { "tls-ca-file", TYPE_STRING, AT (tls_ca_file), 0, 0, 0, NULL,
      "PEM file of certificates to trust for wss, besides the system's" },
  { "no-retry", TYPE_BOOLEAN, AT (no_retry), 0, 0, FALSE, NULL,
      "Fail when the room cannot be reached at the start, instead of trying "
      "for ever" },
  { "mute-audio", TYPE_BOOLEAN, AT (mute_audio), 0, 0, FALSE, NULL,
      "Send no sound, and tell the others so. At any time" },
  { "mute-video", TYPE_BOOLEAN, AT (mute_video), 0, 0, FALSE, NULL,
      "Send no pictures, and tell the others so. At any time" },
};

static GParamSpec *
make_pspec (const Row *row)
{
  GParamFlags flags = G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS;

  switch (row->type) {
    case TYPE_UINT:
      return g_param_spec_uint (row->name, row->name, row->blurb, row->min,
          row->max, row->standard, flags);
    case TYPE_BOOLEAN:
      return g_param_spec_boolean (
          row->name, row->name, row->blurb, row->standard, flags);
    case TYPE_STRINGS:
      return gst_param_spec_array (row->name, row->name, row->blurb,
          g_param_spec_string ("server", "server", "One server", NULL, flags),
          flags);
    case TYPE_STRING:
    default:
      return g_param_spec_string (
          row->name, row->name, row->blurb, row->text, flags);
  }
}

/**
 * peal_settings_install:
 *
 * Installs every property of the table; ids are 1 and up, below
 * PEAL_SETTINGS_FIRST_FREE_ID.
 */
void
peal_settings_install (GObjectClass *class)
{
  G_STATIC_ASSERT (G_N_ELEMENTS (rows) < PEAL_SETTINGS_FIRST_FREE_ID);

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    g_object_class_install_property (class, i + 1, make_pspec (&rows[i]));
}

void
peal_settings_init (PealSettings *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, rows[i].offset);

    if (rows[i].type == TYPE_STRING)
      *(gchar **)field = g_strdup (rows[i].text);
    else if (rows[i].type != TYPE_STRINGS)
      *(guint *)field = rows[i].standard;
  }
}

void
peal_settings_clear (PealSettings *self)
{
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, rows[i].offset);

    if (rows[i].type == TYPE_STRING)
      g_clear_pointer ((gchar **)field, g_free);
    else if (rows[i].type == TYPE_STRINGS)
      g_clear_pointer ((GStrv *)field, g_strfreev);
  }
}

/**
 * peal_settings_copy:
 * @self: (out caller-allocates): cleared by its owner
 */
void
peal_settings_copy (const PealSettings *from, PealSettings *self)
{
  *self = *from;
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++) {
    gpointer field = G_STRUCT_MEMBER_P (self, rows[i].offset);

    if (rows[i].type == TYPE_STRING)
      *(gchar **)field = g_strdup (*(gchar **)field);
    else if (rows[i].type == TYPE_STRINGS)
      *(GStrv *)field = g_strdupv (*(GStrv *)field);
  }
}

static GStrv
strings_from_array (const GValue *value)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < gst_value_array_get_size (value); i++) {
    const gchar *text =
        g_value_get_string (gst_value_array_get_value (value, i));

    if (text)
      g_strv_builder_add (builder, text);
  }

  return g_strv_builder_end (builder);
}

static void
strings_to_array (GStrv strings, GValue *value)
{
  for (guint i = 0; strings && strings[i]; i++) {
    GValue item = G_VALUE_INIT;

    g_value_init (&item, G_TYPE_STRING);
    g_value_set_string (&item, strings[i]);
    gst_value_array_append_and_take_value (value, &item);
  }
}

/**
 * peal_settings_set:
 *
 * Returns: whether @property_id is one of the table
 */
gboolean
peal_settings_set (PealSettings *self, guint property_id, const GValue *value)
{
  const Row *row;
  gpointer field;

  if (property_id == 0 || property_id > G_N_ELEMENTS (rows))
    return FALSE;

  row = &rows[property_id - 1];
  field = G_STRUCT_MEMBER_P (self, row->offset);
  if (row->type == TYPE_STRING) {
    g_free (*(gchar **)field);
    *(gchar **)field = g_value_dup_string (value);
  } else if (row->type == TYPE_STRINGS) {
    g_strfreev (*(GStrv *)field);
    *(GStrv *)field = strings_from_array (value);
  } else if (row->type == TYPE_UINT) {
    *(guint *)field = g_value_get_uint (value);
  } else {
    *(gboolean *)field = g_value_get_boolean (value);
  }

  return TRUE;
}

/**
 * peal_settings_get:
 *
 * Returns: whether @property_id is one of the table
 */
gboolean
peal_settings_get (PealSettings *self, guint property_id, GValue *value)
{
  const Row *row;
  gpointer field;

  if (property_id == 0 || property_id > G_N_ELEMENTS (rows))
    return FALSE;

  row = &rows[property_id - 1];
  field = G_STRUCT_MEMBER_P (self, row->offset);
  if (row->type == TYPE_STRING)
    g_value_set_string (value, *(gchar **)field);
  else if (row->type == TYPE_STRINGS)
    strings_to_array (*(GStrv *)field, value);
  else if (row->type == TYPE_UINT)
    g_value_set_uint (value, *(guint *)field);
  else
    g_value_set_boolean (value, *(gboolean *)field);

  return TRUE;
}

/* ---- what follows from them ---- */

static gboolean
usage (GError **error, const gchar *text)
{
  g_set_error_literal (error, PEAL_ERROR, PEAL_ERROR_USAGE, text);
  return FALSE;
}

static gboolean
check_codecs (const gchar *list, PealMediaKind kind, GError **error)
{
  g_auto (GStrv) names = list ? g_strsplit (list, ",", 32) : NULL;

  for (guint i = 0; names && names[i]; i++) {
    const PealCodec *codec = peal_codec_find (g_strstrip (names[i]));

    if (!codec || codec->kind != kind) {
      g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
          "'%s' is no %s codec that Peal knows; see gst-inspect-1.0 pealbin",
          names[i], peal_media_kind_to_string (kind));
      return FALSE;
    }
  }

  return TRUE;
}

/**
 * peal_settings_check:
 * @error: PEAL_ERROR_USAGE, in words fit for the user
 *
 * Returns: whether a call can begin with these
 */
gboolean
peal_settings_check (const PealSettings *self, GError **error)
{
  const gchar *policy = self->ice_transport_policy;

  if (!self->uri && !self->serve)
    return usage (error,
        "set uri to a room, e.g. uri=ws://HOST:8080/lobby, or serve to an "
        "address, e.g. serve=127.0.0.1:8080");
  if (self->uri && !peal_signaller_registry_check_uri (self->uri, error))
    return FALSE;
  if (g_strcmp0 (policy, "all") != 0 && g_strcmp0 (policy, "relay") != 0)
    return usage (error, "ice-transport-policy must be all or relay");
  if (self->min_bitrate > self->max_bitrate)
    return usage (error, "min-bitrate is greater than max-bitrate");

  return check_codecs (self->video_codecs, PEAL_MEDIA_VIDEO, error) &&
      check_codecs (self->audio_codecs, PEAL_MEDIA_AUDIO, error);
}

/**
 * peal_settings_make_signaller_config:
 *
 * Returns: (transfer full): for the uri as it stands
 */
PealSignallerConfig *
peal_settings_make_signaller_config (const PealSettings *self)
{
  PealSignallerConfig *config = peal_signaller_config_new (self->uri);

  config->room = g_strdup (self->room);
  config->peer_name = g_strdup (self->peer_name);
  config->token = g_strdup (self->token);
  config->tls_ca_file = g_strdup (self->tls_ca_file);
  config->prefers_offering = TRUE;
  config->no_retry = self->no_retry;

  return config;
}

/**
 * peal_settings_list_codecs:
 *
 * Returns: (transfer full) (nullable): names, best first; NULL is the default
 */
GStrv
peal_settings_list_codecs (const PealSettings *self, PealMediaKind kind)
{
  const gchar *list =
      kind == PEAL_MEDIA_VIDEO ? self->video_codecs : self->audio_codecs;
  GStrv names;

  if (!list || !*list)
    return NULL;

  names = g_strsplit (list, ",", 32);
  for (guint i = 0; names[i]; i++)
    g_strstrip (names[i]);

  return names;
}

/**
 * peal_settings_load_certificate:
 * @error: PEAL_ERROR_USAGE
 *
 * Returns: (transfer full) (nullable): PEM text, or NULL: none set, or @error
 */
gchar *
peal_settings_load_certificate (const PealSettings *self, GError **error)
{
  g_autofree gchar *text = NULL;
  g_autoptr (GTlsCertificate) pair = NULL;
  g_autoptr (GError) why = NULL;

  if (!self->certificate || !*self->certificate)
    return NULL;
  if (g_str_has_prefix (self->certificate, "-----BEGIN "))
    text = g_strdup (self->certificate);
  else if (!g_file_get_contents (self->certificate, &text, NULL, &why)) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot read the certificate: %s", why->message);
    return NULL;
  }
  if (!strstr (text, "BEGIN CERTIFICATE") || !strstr (text, "PRIVATE KEY")) {
    usage (
        error, "certificate must hold a PEM certificate and its private key");
    return NULL;
  }
  /* dtlsdec would go on without any. */
  pair = g_tls_certificate_new_from_pem (text, -1, &why);
  if (!pair) {
    g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
        "cannot use the certificate: %s", why->message);
    return NULL;
  }

  return g_steal_pointer (&text);
}

/**
 * peal_settings_configure_session:
 * @error: PEAL_ERROR_USAGE for a certificate or servers that are none
 */
gboolean
peal_settings_configure_session (
    const PealSettings *self, PealSession *session, GError **error)
{
  g_autoptr (GError) why = NULL;
  g_autofree gchar *certificate = peal_settings_load_certificate (self, &why);
  PealSessionConfig config = {
    .latency_ms = self->latency,
    .min_latency_ms = self->min_latency,
    .stun_server = self->stun_server,
    .turn_servers = (const gchar *const *)self->turn_servers,
    .is_relay_only = g_strcmp0 (self->ice_transport_policy, "relay") == 0,
    .certificate = certificate,
  };

  if (why) {
    g_propagate_error (error, g_steal_pointer (&why));
    return FALSE;
  }

  return peal_session_configure (session, &config, error);
}
