/*
 * A room inside this process. See loopback-room.h.
 *
 * Lock: `lock` guards the seats. It is held while deliveries are queued, which
 * is what keeps them in one order for all; never while one runs.
 */
#include "signalling/loopback-room.h"

#include "wire/peal-rooms.h"

/* Where a member is. The member is only ever looked up on its own context, so
 * that no other thread can come to hold its last reference. */
typedef struct {
  GMainContext *context;
  GWeakRef member;
  guint connection;
  PealLoopbackHeard heard;
} Address;

typedef struct {
  gchar *id;
  gchar *name;
  JsonNode *meta;
  gboolean prefers_offering;
  gboolean is_cut;
  Address *address;
} Seat;

struct _PealLoopbackRoom {
  gatomicrefcount ref_count;
  gchar *token;
  guint max_members;
  GMutex lock;
  GPtrArray *seats; /* of Seat; guarded by lock */
  guint n_ids;      /* guarded by lock */
};

typedef struct {
  Address *address;
  PealMessage *message; /* NULL: cut */
} Delivery;

static void
clear_address (gpointer data)
{
  Address *address = data;

  g_main_context_unref (address->context);
  g_weak_ref_clear (&address->member);
}

static void
release_address (Address *address)
{
  g_atomic_rc_box_release_full (address, clear_address);
}

static void
free_seat (gpointer data)
{
  Seat *seat = data;

  g_free (seat->id);
  g_free (seat->name);
  g_clear_pointer (&seat->meta, json_node_unref);
  release_address (seat->address);
  g_free (seat);
}

static gboolean
on_deliver (gpointer data)
{
  Delivery *delivery = data;
  Address *address = delivery->address;
  g_autoptr (GObject) member = g_weak_ref_get (&address->member);

  if (member)
    address->heard (member, address->connection, delivery->message);
  return G_SOURCE_REMOVE;
}

static void
free_delivery (gpointer data)
{
  Delivery *delivery = data;

  release_address (delivery->address);
  g_clear_pointer (&delivery->message, peal_message_unref);
  g_free (delivery);
}

static void
deliver (Seat *seat, PealMessage *message)
{
  Delivery *delivery = g_new0 (Delivery, 1);
  g_autoptr (GSource) source = g_idle_source_new ();

  delivery->address = g_atomic_rc_box_acquire (seat->address);
  delivery->message = message ? peal_message_ref (message) : NULL;
  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, on_deliver, delivery, free_delivery);
  g_source_attach (source, seat->address->context);
}

static Seat *
find_seat (PealLoopbackRoom *self, const gchar *id)
{
  for (guint i = 0; i < self->seats->len; i++) {
    Seat *seat = g_ptr_array_index (self->seats, i);

    if (g_strcmp0 (seat->id, id) == 0)
      return seat;
  }

  return NULL;
}

static void
deliver_to_others (PealLoopbackRoom *self, Seat *from, PealMessage *message)
{
  for (guint i = 0; i < self->seats->len; i++) {
    Seat *seat = g_ptr_array_index (self->seats, i);

    if (seat != from && !seat->is_cut)
      deliver (seat, message);
  }
}

/* protocols.md, section 1: the one that prefers it; else the newcomer. */
static gboolean
newcomer_offers (Seat *newcomer, Seat *member)
{
  return newcomer->prefers_offering || !member->prefers_offering;
}

static void
say_joined (PealLoopbackRoom *self, Seat *seat, const gchar *room)
{
  g_autoptr (PealMessage) joined =
      peal_message_new (PEAL_MESSAGE_JOINED, seat->id);

  joined->room = g_strdup (room);
  joined->resume = g_strdup (seat->id);
  joined->members =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_member_free);
  for (guint i = 0; i < self->seats->len; i++) {
    Seat *other = g_ptr_array_index (self->seats, i);

    if (other != seat)
      g_ptr_array_add (joined->members,
          peal_member_new (other->id, other->name, other->meta,
              !newcomer_offers (seat, other)));
  }
  deliver (seat, joined);
}

static void
say_peer_joined (PealLoopbackRoom *self, Seat *seat)
{
  for (guint i = 0; i < self->seats->len; i++) {
    Seat *other = g_ptr_array_index (self->seats, i);
    g_autoptr (PealMessage) message =
        peal_message_new (PEAL_MESSAGE_PEER_JOINED, seat->id);

    if (other == seat || other->is_cut)
      continue;
    message->member = peal_member_new (
        seat->id, seat->name, seat->meta, newcomer_offers (seat, other));
    deliver (other, message);
  }
}

static Seat *
make_seat (PealMessage *join, GObject *member, guint connection,
    PealLoopbackHeard heard)
{
  Seat *seat = g_new0 (Seat, 1);

  seat->name = g_strdup (join->name);
  seat->meta = join->meta ? json_node_ref (join->meta) : NULL;
  seat->prefers_offering = join->prefers_offering;
  seat->address = g_atomic_rc_box_new0 (Address);
  seat->address->context = g_main_context_ref_thread_default ();
  g_weak_ref_init (&seat->address->member, member);
  seat->address->connection = connection;
  seat->address->heard = heard;

  return seat;
}

static const gchar *
find_objection (PealLoopbackRoom *self, PealMessage *join)
{
  if (self->token && g_strcmp0 (self->token, join->token) != 0)
    return PEAL_ROOMS_UNAUTHORIZED;
  if (!find_seat (self, join->resume) && self->max_members &&
      self->seats->len >= self->max_members)
    return PEAL_ROOMS_ROOM_FULL;

  return NULL;
}

/* Gives the seat @id, which it takes from a lost connection of the same. */
static gboolean
take_seat (PealLoopbackRoom *self, Seat *seat, const gchar *resume)
{
  Seat *old = resume ? find_seat (self, resume) : NULL;
  gboolean is_resumed = old && old->is_cut;

  seat->id = is_resumed ? g_strdup (resume)
                        : g_strdup_printf ("member-%u", ++self->n_ids);
  if (is_resumed)
    g_ptr_array_remove (self->seats, old);
  g_ptr_array_add (self->seats, seat);

  return is_resumed;
}

PealLoopbackRoom *
peal_loopback_room_new (const gchar *token, guint max_members)
{
  PealLoopbackRoom *self = g_new0 (PealLoopbackRoom, 1);

  g_atomic_ref_count_init (&self->ref_count);
  g_mutex_init (&self->lock);
  self->token = g_strdup (token);
  self->max_members = max_members;
  self->seats = g_ptr_array_new_with_free_func (free_seat);

  return self;
}

PealLoopbackRoom *
peal_loopback_room_ref (PealLoopbackRoom *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
peal_loopback_room_unref (PealLoopbackRoom *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  g_ptr_array_unref (self->seats);
  g_mutex_clear (&self->lock);
  g_free (self->token);
  g_free (self);
}

/**
 * peal_loopback_room_enter:
 * @join: (transfer none): who wants to enter
 * @member: (transfer none): whom @heard is for; not kept alive
 * @connection: a number of the member's choice, given back to @heard
 * @heard: hears everything, first `joined` or `error`
 *
 * @heard runs on the caller's thread-default main context, later.
 */
void
peal_loopback_room_enter (PealLoopbackRoom *self, PealMessage *join,
    GObject *member, guint connection, PealLoopbackHeard heard)
{
  Seat *seat = make_seat (join, member, connection, heard);
  const gchar *objection;

  g_mutex_lock (&self->lock);
  objection = find_objection (self, join);
  if (objection) {
    g_autoptr (PealMessage) error =
        peal_message_new_error (NULL, objection, objection);

    deliver (seat, error);
    free_seat (seat);
  } else {
    gboolean is_resumed = take_seat (self, seat, join->resume);

    say_joined (self, seat, join->room);
    if (!is_resumed)
      say_peer_joined (self, seat);
  }
  g_mutex_unlock (&self->lock);
}

static PealMessage *
copy_with_sender (PealMessage *message, const gchar *from)
{
  PealMessage *copy = peal_message_new (message->kind, from);

  copy->session = g_strdup (message->session);
  copy->sdp = g_strdup (message->sdp);
  copy->candidate = g_strdup (message->candidate);
  copy->sdp_mid = g_strdup (message->sdp_mid);
  copy->sdp_mline_index = message->sdp_mline_index;
  copy->body = message->body ? json_node_ref (message->body) : NULL;
  copy->text = g_strdup (message->text);

  return copy;
}

/**
 * peal_loopback_room_say:
 * @from: the id of who says it
 * @message: (transfer none): what a client sends
 */
void
peal_loopback_room_say (
    PealLoopbackRoom *self, const gchar *from, PealMessage *message)
{
  g_autoptr (PealMessage) copy = copy_with_sender (message, from);
  g_autoptr (PealMessage) error = peal_message_new_error (
      message->peer_id, PEAL_ROOMS_UNKNOWN_PEER, "nobody of that id is here");
  Seat *sender, *receiver;

  g_mutex_lock (&self->lock);
  sender = find_seat (self, from);
  receiver = message->peer_id ? find_seat (self, message->peer_id) : NULL;
  if (sender && !message->peer_id)
    deliver_to_others (self, sender, copy);
  else if (sender && receiver && !receiver->is_cut)
    deliver (receiver, copy);
  else if (sender && !receiver)
    deliver (sender, error);
  g_mutex_unlock (&self->lock);
}

void
peal_loopback_room_leave (PealLoopbackRoom *self, const gchar *id)
{
  g_autoptr (PealMessage) left = peal_message_new (PEAL_MESSAGE_PEER_LEFT, id);
  Seat *seat;

  left->text = g_strdup ("left");
  g_mutex_lock (&self->lock);
  seat = find_seat (self, id);
  if (seat) {
    deliver_to_others (self, seat, left);
    g_ptr_array_remove (self->seats, seat);
  }
  g_mutex_unlock (&self->lock);
}

/**
 * peal_loopback_room_cut:
 *
 * Cuts one member's connection, as a broken socket would; the seat is kept.
 */
void
peal_loopback_room_cut (PealLoopbackRoom *self, const gchar *id)
{
  Seat *seat;

  g_mutex_lock (&self->lock);
  seat = find_seat (self, id);
  if (seat && !seat->is_cut) {
    seat->is_cut = TRUE;
    deliver (seat, NULL);
  }
  g_mutex_unlock (&self->lock);
}

/**
 * peal_loopback_room_restart:
 *
 * Cuts every connection and forgets everyone, as a server killed would.
 */
void
peal_loopback_room_restart (PealLoopbackRoom *self)
{
  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->seats->len; i++)
    deliver (g_ptr_array_index (self->seats, i), NULL);
  g_ptr_array_set_size (self->seats, 0);
  g_mutex_unlock (&self->lock);
}
