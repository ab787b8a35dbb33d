/*
 * Whom a gstwebrtc client chooses. See gstwebrtc-choice.h. Pure.
 */
#include "wire/gstwebrtc-choice.h"

#include <string.h>

#include "wire/json.h"

/* chosen, as many as a room of ours has members. */
#define MAX_NAMES 256
/* In our meta: we take from everybody. */
#define MARK "peal-takes"
#define MARK_ALL "all"

void
peal_gstwebrtc_choice_init (
    PealGstwebrtcChoice *self, const PealGstwebrtcWish *wish)
{
  self->wish = *wish;
  self->wish.peer_id = g_strdup (wish->peer_id);
  self->wish.peer_name = g_strdup (wish->peer_name);
  self->names = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
}

void
peal_gstwebrtc_choice_clear (PealGstwebrtcChoice *self)
{
  g_free (self->wish.peer_id);
  g_free (self->wish.peer_name);
  g_free (self->own_id);
  g_hash_table_unref (self->names);
}

/**
 * peal_gstwebrtc_choice_remember:
 * @meta: (nullable): what @peer_id says of itself
 */
void
peal_gstwebrtc_choice_remember (
    PealGstwebrtcChoice *self, const gchar *peer_id, JsonNode *meta)
{
  gchar *name = peal_gstwebrtc_dup_name (meta);

  if (name && g_hash_table_size (self->names) < MAX_NAMES)
    g_hash_table_insert (self->names, g_strdup (peer_id), name);
  else
    g_free (name);
}

void
peal_gstwebrtc_choice_forget (PealGstwebrtcChoice *self, const gchar *peer_id)
{
  g_hash_table_remove (self->names, peer_id);
}

const gchar *
peal_gstwebrtc_choice_get_name (
    const PealGstwebrtcChoice *self, const gchar *peer_id)
{
  return g_hash_table_lookup (self->names, peer_id);
}

gboolean
peal_gstwebrtc_choice_produces (const PealGstwebrtcChoice *self)
{
  return self->wish.role == PEAL_GSTWEBRTC_ROLE_BOTH ||
      self->wish.role == PEAL_GSTWEBRTC_ROLE_PRODUCER;
}

gboolean
peal_gstwebrtc_choice_takes (const PealGstwebrtcChoice *self)
{
  return self->wish.role == PEAL_GSTWEBRTC_ROLE_BOTH ||
      self->wish.role == PEAL_GSTWEBRTC_ROLE_CONSUMER;
}

static gboolean
takes_all (const PealGstwebrtcChoice *self)
{
  return self->wish.role == PEAL_GSTWEBRTC_ROLE_BOTH && !self->wish.peer_id &&
      !self->wish.peer_name;
}

/**
 * peal_gstwebrtc_choice_is_chosen:
 *
 * Returns: whether we have to do with @peer_id at all
 */
gboolean
peal_gstwebrtc_choice_is_chosen (
    const PealGstwebrtcChoice *self, const gchar *peer_id)
{
  const gchar *name = g_hash_table_lookup (self->names, peer_id);

  if (g_strcmp0 (peer_id, self->own_id) == 0)
    return FALSE;
  if (self->wish.peer_id)
    return g_str_equal (self->wish.peer_id, peer_id);
  return !self->wish.peer_name || g_strcmp0 (self->wish.peer_name, name) == 0;
}

static gboolean
is_marked (JsonNode *meta)
{
  g_autofree gchar *mark = NULL;

  return meta && JSON_NODE_HOLDS_OBJECT (meta) &&
      peal_json_read_string (
          json_node_get_object (meta), MARK, strlen (MARK_ALL), &mark, NULL) &&
      g_strcmp0 (mark, MARK_ALL) == 0;
}

/**
 * peal_gstwebrtc_choice_starts_with:
 * @meta: (nullable): what it says of itself
 *
 * Two Peals that take everybody would each start a session: the one with the
 * smaller id does.
 *
 * Returns: whether to start a session with the producer @peer_id
 */
gboolean
peal_gstwebrtc_choice_starts_with (
    const PealGstwebrtcChoice *self, const gchar *peer_id, JsonNode *meta)
{
  if (!peal_gstwebrtc_choice_takes (self) ||
      !peal_gstwebrtc_choice_is_chosen (self, peer_id))
    return FALSE;
  return !takes_all (self) || !is_marked (meta) ||
      strcmp (self->own_id, peer_id) < 0;
}

guint
peal_gstwebrtc_choice_roles (const PealGstwebrtcChoice *self)
{
  if (peal_gstwebrtc_choice_produces (self))
    return PEAL_GSTWEBRTC_PRODUCER | PEAL_GSTWEBRTC_LISTENER;
  return peal_gstwebrtc_choice_takes (self)
      ? PEAL_GSTWEBRTC_LISTENER
      : PEAL_GSTWEBRTC_LISTENER | PEAL_GSTWEBRTC_CONSUMER;
}

/**
 * peal_gstwebrtc_choice_make_meta:
 * @meta: (nullable): application data, an object
 * @name: (nullable): the name people see
 *
 * Returns: (transfer full): what we say of ourselves
 */
JsonNode *
peal_gstwebrtc_choice_make_meta (
    const PealGstwebrtcChoice *self, JsonNode *meta, const gchar *name)
{
  JsonNode *own = peal_gstwebrtc_make_meta (meta, name ? name : "Peal");

  if (takes_all (self))
    json_object_set_string_member (json_node_get_object (own), MARK, MARK_ALL);
  return own;
}
