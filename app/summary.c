/*
 * Everyone who was in the call, from beginning to end, with what was last
 * known of each. Fed with the element's messages and, once a second, its
 * `stats`; a member that left keeps its last figures. Pure.
 */
#include "app/summary.h"

#include <string.h>

/* A member is first looked at within the second in which it came. */
#define FIRST_LOOK_S 1.0
/* Between two looks that are closer than this a rate is mostly chance. */
#define SHORTEST_RATE_S 0.5

typedef struct {
  PealPeerView *view;
  PealPeerView *base; /* what the next rates are counted from; nullable */
  gdouble base_s;
  PealPeerRates rates;
  gboolean is_gone;
} Entry;

struct _PealSummary {
  GPtrArray *entries; /* in order of arrival */
};

static void
free_entry (gpointer data)
{
  Entry *entry = data;

  peal_peer_view_free (entry->view);
  g_clear_pointer (&entry->base, peal_peer_view_free);
  g_free (entry);
}

static Entry *
find_entry (PealSummary *self, const gchar *id)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    if (g_strcmp0 (entry->view->id, id) == 0)
      return entry;
  }
  return NULL;
}

static Entry *
ensure_entry (PealSummary *self, const gchar *id, const gchar *name)
{
  Entry *entry = find_entry (self, id);

  if (entry)
    return entry;
  entry = g_new0 (Entry, 1);
  entry->view = peal_peer_view_new (id, name, "new");
  g_ptr_array_add (self->entries, entry);
  return entry;
}

/**
 * peal_summary_new:
 *
 * Returns: (transfer full): a summary of nobody yet
 */
PealSummary *
peal_summary_new (void)
{
  PealSummary *self = g_new0 (PealSummary, 1);

  self->entries = g_ptr_array_new_with_free_func (free_entry);
  return self;
}

/**
 * peal_summary_free:
 * @self: (transfer full): a summary
 */
void
peal_summary_free (PealSummary *self)
{
  g_ptr_array_unref (self->entries);
  g_free (self);
}

static void
set_state (Entry *entry, const gchar *state)
{
  g_free (entry->view->state);
  entry->view->state = g_strdup (state);
}

/**
 * peal_summary_note_message:
 * @self: a summary
 * @message: the structure of one of the element's messages
 */
void
peal_summary_note_message (PealSummary *self, const GstStructure *message)
{
  const gchar *id = gst_structure_get_string (message, "id");
  const gchar *state = gst_structure_get_string (message, "state");
  Entry *entry = NULL;

  if (!id)
    return;
  entry = ensure_entry (self, id, gst_structure_get_string (message, "name"));
  if (gst_structure_has_name (message, "peer-state") && state) {
    set_state (entry, state);
  } else if (gst_structure_has_name (message, "peer-joined")) {
    entry->is_gone = FALSE;
  } else if (gst_structure_has_name (message, "peer-left")) {
    entry->is_gone = TRUE;
    set_state (entry, "closed");
  }
}

/* What a member once showed is not forgotten with its last connection. */
static void
keep_known (PealPeerView *view, const PealPeerView *earlier)
{
  if (view->setup_ms < 0)
    view->setup_ms = earlier->setup_ms;
  if (view->first_picture_ms < 0)
    view->first_picture_ms = earlier->first_picture_ms;
  if (!view->local_candidate) {
    view->local_candidate = g_strdup (earlier->local_candidate);
    view->remote_candidate = g_strdup (earlier->remote_candidate);
  }
  if (!view->video_width) {
    view->video_width = earlier->video_width;
    view->video_height = earlier->video_height;
  }
}

static void
update_rates (Entry *entry, const GstStructure *row, gdouble now_s)
{
  gdouble elapsed_s = entry->base ? now_s - entry->base_s : FIRST_LOOK_S;

  if (elapsed_s < SHORTEST_RATE_S)
    return;
  if (!entry->base)
    entry->base = peal_peer_view_new (entry->view->id, NULL, "new");
  entry->rates = peal_peer_view_get_rates (entry->view, entry->base, elapsed_s);
  peal_peer_view_free (entry->base);
  entry->base = peal_peer_view_from_structure (row);
  entry->base_s = now_s;
}

static void
note_row (PealSummary *self, const GstStructure *row, gdouble now_s)
{
  PealPeerView *view = peal_peer_view_from_structure (row);
  Entry *entry = NULL;

  if (!view)
    return;
  entry = ensure_entry (self, view->id, view->name);
  keep_known (view, entry->view);
  peal_peer_view_free (entry->view);
  entry->view = view;
  update_rates (entry, row, now_s);
}

/**
 * peal_summary_note_stats:
 * @self: a summary
 * @stats: the element's `stats`: a field per member, each a structure
 * @now_s: the time they were taken, on any steady clock, above 0
 */
void
peal_summary_note_stats (
    PealSummary *self, const GstStructure *stats, gdouble now_s)
{
  for (gint i = 0; i < gst_structure_n_fields (stats); i++) {
    const gchar *field = gst_structure_nth_field_name (stats, i);
    const GValue *value = gst_structure_get_value (stats, field);

    if (GST_VALUE_HOLDS_STRUCTURE (value))
      note_row (self, gst_value_get_structure (value), now_s);
  }
}

/**
 * peal_summary_dup_status:
 * @self: a summary
 *
 * Returns: (transfer full): a status line for each member that is here
 */
GStrv
peal_summary_dup_status (PealSummary *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);
    g_autofree gchar *line = NULL;

    if (entry->is_gone)
      continue;
    line = peal_peer_view_to_status (entry->view, &entry->rates);
    g_strv_builder_add (builder, line);
  }
  return g_strv_builder_end (builder);
}

/**
 * peal_summary_dup_events:
 * @self: a summary
 *
 * Returns: (transfer full) (element-type JsonNode): an event `peer-stats` for
 *   each member that is here
 */
GPtrArray *
peal_summary_dup_events (PealSummary *self)
{
  GPtrArray *events =
      g_ptr_array_new_with_free_func ((GDestroyNotify)json_node_unref);

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    if (!entry->is_gone)
      g_ptr_array_add (
          events, peal_peer_view_to_event (entry->view, &entry->rates));
  }
  return events;
}

/**
 * peal_summary_dup_lines:
 * @self: a summary
 *
 * Returns: (transfer full): a line for everyone who was ever here
 */
GStrv
peal_summary_dup_lines (PealSummary *self)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();

  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);
    g_autofree gchar *line = peal_peer_view_to_summary (entry->view);

    g_strv_builder_add (builder, line);
  }
  return g_strv_builder_end (builder);
}

/**
 * peal_summary_to_json:
 * @self: a summary
 *
 * Returns: (transfer full): the event `summary`
 */
JsonNode *
peal_summary_to_json (PealSummary *self)
{
  g_autoptr (JsonBuilder) builder = json_builder_new ();

  json_builder_begin_object (builder);
  json_builder_set_member_name (builder, "event");
  json_builder_add_string_value (builder, "summary");
  json_builder_set_member_name (builder, "peers");
  json_builder_begin_array (builder);
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    json_builder_add_value (builder, peal_peer_view_to_json (entry->view));
  }
  json_builder_end_array (builder);
  json_builder_end_object (builder);
  return json_builder_get_root (builder);
}

/**
 * peal_summary_find_by_name:
 * @self: a summary
 * @name: a member's name
 * @rates: (out): what changes per second
 *
 * Returns: (transfer none) (nullable): what was last known of the first
 *   member of that name
 */
const PealPeerView *
peal_summary_find_by_name (
    PealSummary *self, const gchar *name, PealPeerRates *rates)
{
  for (guint i = 0; i < self->entries->len; i++) {
    Entry *entry = g_ptr_array_index (self->entries, i);

    if (strcmp (entry->view->name, name) != 0)
      continue;
    *rates = entry->rates;
    return entry->view;
  }
  return NULL;
}
