/*
 * One remote member as the element's `stats` describes it, and the words for
 * it. Fields the element does not give stay unknown. Pure.
 */
#include "app/peer-view.h"

#define UNKNOWN_MS -1.0

/**
 * peal_peer_view_new:
 * @id: the member's id
 * @name: (nullable): its name
 * @state: its state
 *
 * Returns: (transfer full): a view with nothing measured yet
 */
PealPeerView *
peal_peer_view_new (const gchar *id, const gchar *name, const gchar *state)
{
  PealPeerView *self = g_new0 (PealPeerView, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name ? name : "");
  self->state = g_strdup (state);
  self->setup_ms = UNKNOWN_MS;
  self->first_picture_ms = UNKNOWN_MS;
  self->round_trip_ms = UNKNOWN_MS;
  return self;
}

static gchar *
dup_text (const GstStructure *structure, const gchar *field)
{
  return g_strdup (gst_structure_get_string (structure, field));
}

static void
read_way (PealPeerView *self, const GstStructure *structure)
{
  self->ice_state = dup_text (structure, "ice-state");
  self->local_candidate = dup_text (structure, "local-candidate");
  self->remote_candidate = dup_text (structure, "remote-candidate");
}

/**
 * peal_peer_view_from_structure:
 * @structure: the member's entry in the element's `stats`
 *
 * Returns: (transfer full) (nullable): the view; NULL without an id
 */
PealPeerView *
peal_peer_view_from_structure (const GstStructure *structure)
{
  const gchar *id = gst_structure_get_string (structure, "id");
  const gchar *state = gst_structure_get_string (structure, "state");
  PealPeerView *self = NULL;

  if (!id)
    return NULL;
  self = peal_peer_view_new (
      id, gst_structure_get_string (structure, "name"), state ? state : "new");
  gst_structure_get_double (structure, "setup-ms", &self->setup_ms);
  gst_structure_get_double (
      structure, "first-picture-ms", &self->first_picture_ms);
  gst_structure_get_uint64 (structure, "video-frames", &self->video_frames);
  gst_structure_get_uint (structure, "video-width", &self->video_width);
  gst_structure_get_uint (structure, "video-height", &self->video_height);
  gst_structure_get_uint64 (structure, "audio-ms", &self->audio_ms);
  gst_structure_get_uint64 (structure, "bytes-received", &self->bytes_received);
  gst_structure_get_uint64 (structure, "bytes-sent", &self->bytes_sent);
  gst_structure_get_double (structure, "round-trip-ms", &self->round_trip_ms);
  gst_structure_get_uint64 (structure, "packets-lost", &self->packets_lost);
  gst_structure_get_double (structure, "fraction-lost", &self->fraction_lost);
  read_way (self, structure);
  return self;
}

/**
 * peal_peer_view_free:
 * @self: (transfer full): a view
 */
void
peal_peer_view_free (PealPeerView *self)
{
  g_free (self->id);
  g_free (self->name);
  g_free (self->state);
  g_free (self->ice_state);
  g_free (self->local_candidate);
  g_free (self->remote_candidate);
  g_free (self);
}

/* A counter that went back belongs to a new connection: start from nothing. */
static gdouble
rate (guint64 now, guint64 before, gdouble elapsed_s)
{
  return (now >= before ? now - before : now) / elapsed_s;
}

/**
 * peal_peer_view_get_rates:
 * @self: a view
 * @earlier: (nullable): an earlier view of the same member
 * @elapsed_s: the seconds between the two
 *
 * Returns: what changed per second; all 0 without an earlier view
 */
PealPeerRates
peal_peer_view_get_rates (
    const PealPeerView *self, const PealPeerView *earlier, gdouble elapsed_s)
{
  PealPeerRates rates = { 0 };

  if (!earlier || elapsed_s <= 0)
    return rates;
  rates.frames_per_s =
      rate (self->video_frames, earlier->video_frames, elapsed_s);
  rates.received_bps =
      8 * rate (self->bytes_received, earlier->bytes_received, elapsed_s);
  rates.sent_bps = 8 * rate (self->bytes_sent, earlier->bytes_sent, elapsed_s);
  return rates;
}

/**
 * peal_peer_view_get_label:
 * @self: a view
 *
 * Returns: (transfer none): what to call the member: its name, or its id
 */
const gchar *
peal_peer_view_get_label (const PealPeerView *self)
{
  return self->name[0] ? self->name : self->id;
}

/**
 * peal_format_bitrate:
 * @bits_per_s: a bitrate
 *
 * Returns: (transfer full): the bitrate with a unit that suits it
 */
gchar *
peal_format_bitrate (gdouble bits_per_s)
{
  if (bits_per_s >= 1e6)
    return g_strdup_printf ("%.1f Mbit/s", bits_per_s / 1e6);
  return g_strdup_printf ("%.0f kbit/s", bits_per_s / 1e3);
}

/**
 * peal_peer_view_to_status:
 * @self: a view
 * @rates: what changes per second
 *
 * Returns: (transfer full): a line such as
 *   `Anna  connected  srflx/host  640x360 30/s  1.2 Mbit/s in  900 kbit/s out
 *   4 ms  0.0 % lost`; the pair are the kinds of our and the member's end of
 *   the way
 */
gchar *
peal_peer_view_to_status (const PealPeerView *self, const PealPeerRates *rates)
{
  g_autofree gchar *received = peal_format_bitrate (rates->received_bps);
  g_autofree gchar *sent = peal_format_bitrate (rates->sent_bps);
  GString *line = g_string_new (peal_peer_view_get_label (self));

  g_string_append_printf (line, "  %s", self->state);
  if (self->local_candidate)
    g_string_append_printf (
        line, "  %s/%s", self->local_candidate, self->remote_candidate);
  if (self->video_width)
    g_string_append_printf (line, "  %ux%u %.0f/s", self->video_width,
        self->video_height, rates->frames_per_s);
  g_string_append_printf (line, "  %s in  %s out", received, sent);
  if (self->round_trip_ms >= 0)
    g_string_append_printf (line, "  %.0f ms", self->round_trip_ms);
  g_string_append_printf (line, "  %.1f %% lost", 100 * self->fraction_lost);
  return g_string_free (line, FALSE);
}

/**
 * peal_peer_view_to_summary:
 * @self: a view
 *
 * Returns: (transfer full): one line about the whole call with this member
 */
gchar *
peal_peer_view_to_summary (const PealPeerView *self)
{
  GString *line = g_string_new (peal_peer_view_get_label (self));

  g_string_append_printf (
      line, ": %" G_GUINT64_FORMAT " pictures", self->video_frames);
  if (self->video_width)
    g_string_append_printf (
        line, " %ux%u", self->video_width, self->video_height);
  g_string_append_printf (line, ", %.1f s of sound", self->audio_ms / 1000.0);
  if (self->setup_ms >= 0)
    g_string_append_printf (line, ", connected in %.0f ms", self->setup_ms);
  if (self->first_picture_ms >= 0)
    g_string_append_printf (
        line, ", first picture after %.0f ms", self->first_picture_ms);
  return g_string_free (line, FALSE);
}

static void
add_ms (JsonBuilder *builder, const gchar *name, gdouble value_ms)
{
  json_builder_set_member_name (builder, name);
  if (value_ms < 0)
    json_builder_add_null_value (builder);
  else
    json_builder_add_double_value (builder, value_ms);
}

static void
add_text (JsonBuilder *builder, const gchar *name, const gchar *value)
{
  json_builder_set_member_name (builder, name);
  if (value)
    json_builder_add_string_value (builder, value);
  else
    json_builder_add_null_value (builder);
}

static void
add_count (JsonBuilder *builder, const gchar *name, guint64 value)
{
  json_builder_set_member_name (builder, name);
  json_builder_add_int_value (builder, (gint64)value);
}

/**
 * peal_peer_view_to_json:
 * @self: a view
 *
 * Returns: (transfer full): the member's object in the summary event
 */
JsonNode *
peal_peer_view_to_json (const PealPeerView *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  add_text (builder, "id", self->id);
  add_text (builder, "name", self->name);
  add_text (builder, "state", self->state);
  add_text (builder, "ice_state", self->ice_state);
  add_text (builder, "local_candidate", self->local_candidate);
  add_text (builder, "remote_candidate", self->remote_candidate);
  add_ms (builder, "setup_ms", self->setup_ms);
  add_ms (builder, "first_picture_ms", self->first_picture_ms);
  add_count (builder, "video_frames", self->video_frames);
  add_count (builder, "video_width", self->video_width);
  add_count (builder, "video_height", self->video_height);
  add_count (builder, "audio_ms", self->audio_ms);
  add_count (builder, "bytes_received", self->bytes_received);
  add_count (builder, "bytes_sent", self->bytes_sent);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * peal_peer_view_to_event:
 * @self: a view
 * @rates: what changes per second
 *
 * Returns: (transfer full): the event `peer-stats`: the status line for
 *   programs, with the member's id as `peer`
 */
JsonNode *
peal_peer_view_to_event (const PealPeerView *self, const PealPeerRates *rates)
{
  JsonNode *node = peal_peer_view_to_json (self);
  JsonObject *event = json_node_get_object (node);

  json_object_remove_member (event, "id");
  json_object_set_string_member (event, "event", "peer-stats");
  json_object_set_string_member (event, "peer", self->id);
  json_object_set_double_member (event, "frames_per_s", rates->frames_per_s);
  json_object_set_double_member (event, "received_bps", rates->received_bps);
  json_object_set_double_member (event, "sent_bps", rates->sent_bps);
  if (self->round_trip_ms < 0)
    json_object_set_null_member (event, "round_trip_ms");
  else
    json_object_set_double_member (event, "round_trip_ms", self->round_trip_ms);
  json_object_set_double_member (event, "fraction_lost", self->fraction_lost);
  return node;
}
