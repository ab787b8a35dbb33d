/*
 * Whom a gstwebrtc client chooses. See gstwebrtc-choice.h. Pure.
 */
#include "wire/gstwebrtc-choice.h"

#include <string.h>

#include "wire/error-text.h"
#include "wire/json.h"

/* chosen, as many as a room of ours has members. */
#define MAX_NAMES 256
/* In our meta: we take from everybody. */
#define MARK "peal-takes"
#define MARK_ALL "all"
/* chosen: so many fit into a sentence. */
#define MAX_TOLD 8

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

static gchar *
list_others (const PealGstwebrtcChoice *self, GPtrArray *producers)
{
  GString *list = g_string_new (NULL);
  guint n_told = 0;

  for (guint i = 0; producers && i < producers->len; i++) {
    const PealGstwebrtcPeer *peer = g_ptr_array_index (producers, i);
    const gchar *name = peal_gstwebrtc_choice_get_name (self, peer->id);

    if (g_strcmp0 (peer->id, self->own_id) == 0 || n_told++ >= MAX_TOLD)
      continue;
    g_string_append_printf (list, "%s%s (id %s)", list->len ? ", " : "",
        name ? name : "no name", peer->id);
  }
  if (n_told > MAX_TOLD)
    g_string_append_printf (list, " and %u more", n_told - MAX_TOLD);
  return g_string_free (list, FALSE);
}

static gboolean
is_there (const PealGstwebrtcChoice *self, GPtrArray *producers)
{
  for (guint i = 0; producers && i < producers->len; i++) {
    const PealGstwebrtcPeer *peer = g_ptr_array_index (producers, i);

    if (peal_gstwebrtc_choice_is_chosen (self, peer->id))
      return TRUE;
  }
  return FALSE;
}

/**
 * peal_gstwebrtc_choice_names_one:
 *
 * Returns: whether the uri names the only one that we want
 */
gboolean
peal_gstwebrtc_choice_names_one (const PealGstwebrtcChoice *self)
{
  return self->wish.peer_id || self->wish.peer_name;
}

/* @what is told with the one that the uri names, and with @rest. */
static void
tell_nobody (const PealGstwebrtcChoice *self, gpointer dialect,
    const gchar *what, const gchar *rest)
{
  const gchar *id = self->wish.peer_id;
  g_autofree gchar *text = g_strdup_printf ("%s %s \"%s\" %s", what,
      id ? "with the id" : "called", id ? id : self->wish.peer_name, rest);
  g_autoptr (PealMessage) error =
      peal_message_new_error (NULL, PEAL_ERROR_TEXT_NOBODY, text);

  peal_dialect_say (dialect, error);
}

/**
 * peal_gstwebrtc_choice_tell_absence:
 * @producers: (nullable): of PealGstwebrtcPeer, all that there are
 * @dialect: the client's PealDialect
 *
 * Has @dialect say so when the one that the uri names is not among @producers.
 */
void
peal_gstwebrtc_choice_tell_absence (
    const PealGstwebrtcChoice *self, GPtrArray *producers, gpointer dialect)
{
  g_autofree gchar *others = NULL;
  g_autofree gchar *rest = NULL;

  if (!peal_gstwebrtc_choice_names_one (self) || is_there (self, producers))
    return;
  others = list_others (self, producers);
  rest = g_strdup_printf ("is there; waiting for it. Those there are: %s",
      *others ? others : "nobody");
  tell_nobody (self, dialect, "no producer", rest);
}

/**
 * peal_gstwebrtc_choice_tell_silence:
 * @dialect: the client's PealDialect
 *
 * Has @dialect say that the one that the uri names takes nothing from us. That
 * it is not there nobody can tell: servers list producers, and consumers that
 * wait for them, but not those that start sessions themselves.
 */
void
peal_gstwebrtc_choice_tell_silence (
    const PealGstwebrtcChoice *self, gpointer dialect)
{
  tell_nobody (self, dialect, "no consumer",
      "has started a session; waiting for it. Is the uri's peer right?");
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
