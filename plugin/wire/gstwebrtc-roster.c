/*
 * Who is there. See gstwebrtc-roster.h. Pure.
 */
#include "wire/gstwebrtc-roster.h"

#include "wire/gstwebrtc-words.h"
#include "wire/json.h"

/* In the meta of a client that does not produce: no producer to the others. */
#define MARK "takes-only"
/* Of a member of a room, see peal-rooms-private.h. */
#define MAX_META_BYTES 1024
#define MAX_META_DEPTH 8

void
peal_gstwebrtc_roster_init (PealGstwebrtcRoster *self)
{
  self->members = g_hash_table_new_full (
      g_str_hash, g_str_equal, g_free, (GDestroyNotify)peal_member_free);
}

void
peal_gstwebrtc_roster_clear (PealGstwebrtcRoster *self)
{
  g_clear_pointer (&self->meta, json_node_unref);
  g_hash_table_unref (self->members);
}

gboolean
peal_gstwebrtc_roster_produces (const PealGstwebrtcRoster *self)
{
  return (self->roles & PEAL_GSTWEBRTC_PRODUCER) != 0;
}

/**
 * peal_gstwebrtc_roster_waits:
 *
 * Returns: whether the client waits for producers to start sessions
 */
gboolean
peal_gstwebrtc_roster_waits (const PealGstwebrtcRoster *self)
{
  return (self->roles & PEAL_GSTWEBRTC_CONSUMER) != 0;
}

/**
 * peal_gstwebrtc_roster_starts_itself:
 *
 * Returns: whether the client is a Peal that takes from everybody: it starts
 *   sessions that go both ways (see gstwebrtc-choice.c)
 */
gboolean
peal_gstwebrtc_roster_starts_itself (const PealGstwebrtcRoster *self)
{
  return self->meta && JSON_NODE_HOLDS_OBJECT (self->meta) &&
      peal_json_has (json_node_get_object (self->meta), "peal-takes");
}

/**
 * peal_gstwebrtc_roster_is_producer:
 *
 * Returns: whether @member may have something to send: all but those of this
 *   protocol that say otherwise
 */
gboolean
peal_gstwebrtc_roster_is_producer (const PealMember *member)
{
  gboolean takes_only = FALSE;

  if (member->meta && JSON_NODE_HOLDS_OBJECT (member->meta))
    peal_json_read_boolean (
        json_node_get_object (member->meta), MARK, &takes_only, NULL);
  return !takes_only;
}

static JsonNode *
make_own_meta (const PealGstwebrtcRoster *self)
{
  g_autofree gchar *text = self->meta && JSON_NODE_HOLDS_OBJECT (self->meta)
      ? peal_json_to_text (self->meta)
      : NULL;
  g_autoptr (JsonNode) meta = json_from_string (text ? text : "{}", NULL);

  if (!peal_gstwebrtc_roster_produces (self))
    json_object_set_boolean_member (json_node_get_object (meta), MARK, TRUE);
  return peal_json_fits (meta, MAX_META_DEPTH, MAX_META_BYTES)
      ? g_steal_pointer (&meta)
      : NULL;
}

/**
 * peal_gstwebrtc_roster_make_join:
 *
 * Returns: (transfer full): what the client is to the room
 */
PealMessage *
peal_gstwebrtc_roster_make_join (const PealGstwebrtcRoster *self)
{
  PealMessage *join = peal_message_new (PEAL_MESSAGE_JOIN, NULL);
  gboolean produces = peal_gstwebrtc_roster_produces (self);

  join->name = peal_gstwebrtc_dup_name (self->meta);
  join->meta = make_own_meta (self);
  join->keeps_id = TRUE;
  join->prefers_offering = produces;
  join->offering = produces ? PEAL_OFFERING_ALWAYS : PEAL_OFFERING_NEVER;
  return join;
}

static void
put_status (PealGstwebrtcRoster *self, PealDialect *dialect, const gchar *id,
    guint roles, JsonNode *meta)
{
  g_autoptr (PealGstwebrtcMessage) status =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_PEER_STATUS_CHANGED);

  if (!(self->roles & PEAL_GSTWEBRTC_LISTENER))
    return;
  status->peer_id = g_strdup (id);
  status->roles = roles;
  status->meta = meta ? json_node_copy (meta) : NULL;
  peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_SERVER, status, NULL);
}

static void
put_list (
    PealGstwebrtcRoster *self, PealDialect *dialect, PealGstwebrtcKind kind)
{
  g_autoptr (PealGstwebrtcMessage) list = peal_gstwebrtc_message_new (kind);
  GHashTableIter iter;
  gpointer value;

  g_hash_table_iter_init (&iter, self->members);
  while (kind == PEAL_GSTWEBRTC_LIST &&
      g_hash_table_iter_next (&iter, NULL, &value)) {
    const PealMember *member = value;
    g_autoptr (JsonNode) meta =
        peal_gstwebrtc_make_meta (member->meta, member->name);

    if (peal_gstwebrtc_roster_is_producer (member))
      peal_gstwebrtc_message_add_peer (list, member->id, meta);
  }
  peal_gstwebrtc_put (dialect, PEAL_GSTWEBRTC_FROM_SERVER, list, NULL);
}

/* What was asked before the client was in the room. */
static void
pay_debts (PealGstwebrtcRoster *self, PealDialect *dialect)
{
  if (!self->is_in)
    return;
  if (self->owes_status)
    put_status (self, dialect, self->own_id, self->roles, self->meta);
  if (self->owes_list)
    put_list (self, dialect, PEAL_GSTWEBRTC_LIST);
  if (self->owes_consumers)
    put_list (self, dialect, PEAL_GSTWEBRTC_LIST_CONSUMERS);
  self->owes_status = self->owes_list = self->owes_consumers = FALSE;
}

/**
 * peal_gstwebrtc_roster_set_status:
 *
 * The client says what it is; it hears that back when it is in the room.
 */
void
peal_gstwebrtc_roster_set_status (PealGstwebrtcRoster *self,
    PealDialect *dialect, PealGstwebrtcMessage *message)
{
  self->roles = message->roles;
  g_clear_pointer (&self->meta, json_node_unref);
  self->meta = g_steal_pointer (&message->meta);
  self->owes_status = TRUE;
  pay_debts (self, dialect);
}

/**
 * peal_gstwebrtc_roster_ask:
 * @question: LIST or LIST_CONSUMERS
 *
 * Answered when the client is in the room.
 */
void
peal_gstwebrtc_roster_ask (
    PealGstwebrtcRoster *self, PealDialect *dialect, PealGstwebrtcKind question)
{
  if (question == PEAL_GSTWEBRTC_LIST)
    self->owes_list = TRUE;
  else
    self->owes_consumers = TRUE;
  pay_debts (self, dialect);
}

static void
insert (PealGstwebrtcRoster *self, const PealMember *member)
{
  g_hash_table_replace (
      self->members, g_strdup (member->id), peal_member_copy (member));
}

void
peal_gstwebrtc_roster_enter (
    PealGstwebrtcRoster *self, PealDialect *dialect, GPtrArray *members)
{
  self->is_in = TRUE;
  for (guint i = 0; members && i < members->len; i++)
    insert (self, g_ptr_array_index (members, i));
  pay_debts (self, dialect);
}

void
peal_gstwebrtc_roster_leave (PealGstwebrtcRoster *self)
{
  self->is_in = FALSE;
  g_hash_table_remove_all (self->members);
}

void
peal_gstwebrtc_roster_add (
    PealGstwebrtcRoster *self, PealDialect *dialect, const PealMember *member)
{
  g_autoptr (JsonNode) meta =
      peal_gstwebrtc_make_meta (member->meta, member->name);

  insert (self, member);
  put_status (self, dialect, member->id,
      peal_gstwebrtc_roster_is_producer (member) ? PEAL_GSTWEBRTC_PRODUCER
                                                 : PEAL_GSTWEBRTC_LISTENER,
      meta);
}

void
peal_gstwebrtc_roster_remove (
    PealGstwebrtcRoster *self, PealDialect *dialect, const gchar *id)
{
  if (g_hash_table_remove (self->members, id))
    put_status (self, dialect, id, 0, NULL);
}
