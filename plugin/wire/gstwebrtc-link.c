/*
 * One member, as the gstwebrtc client sees it. See gstwebrtc-link.h. Pure.
 */
#include "wire/gstwebrtc-link.h"

/* chosen: a producer that ended a session may be restarting. */
#define FIRST_RETRY_US G_USEC_PER_SEC
#define LONGEST_RETRY_US (30 * G_USEC_PER_SEC)
/* chosen: a session that lasted this long was a good one. */
#define LASTING_US (10 * G_USEC_PER_SEC)
/* chosen: more candidates than a machine has addresses. */
#define MAX_WAITING 64
/* The owner is in the middle of something: it hears of it a moment later. */
#define SOON_US 1000

PealGstwebrtcLink *
peal_gstwebrtc_link_new (
    const gchar *member_id, const gchar *peer_id, gboolean is_ours)
{
  PealGstwebrtcLink *self = g_new0 (PealGstwebrtcLink, 1);

  self->member_id = g_strdup (member_id);
  self->peer_id = g_strdup (peer_id);
  self->is_ours = is_ours;
  self->waiting =
      g_ptr_array_new_with_free_func ((GDestroyNotify)peal_message_unref);
  self->due_us = G_MAXINT64;
  return self;
}

void
peal_gstwebrtc_link_free (PealGstwebrtcLink *self)
{
  g_free (self->member_id);
  g_free (self->peer_id);
  g_free (self->session);
  g_free (self->own_session);
  g_ptr_array_unref (self->waiting);
  g_free (self);
}

/**
 * peal_gstwebrtc_link_begin:
 * @session: their name of it
 *
 * A session stands. What waits for it is the caller's to send.
 */
void
peal_gstwebrtc_link_begin (
    PealGstwebrtcLink *self, const gchar *session, gint64 now_us)
{
  g_free (self->session);
  self->session = g_strdup (session);
  self->is_asking = FALSE;
  self->due_us = G_MAXINT64;
  self->started_us = now_us;
}

/**
 * peal_gstwebrtc_link_end:
 *
 * No session stands, none is asked for.
 */
void
peal_gstwebrtc_link_end (PealGstwebrtcLink *self)
{
  g_clear_pointer (&self->session, g_free);
  g_clear_pointer (&self->own_session, g_free);
  g_ptr_array_set_size (self->waiting, 0);
  self->has_offered = FALSE;
  self->is_asking = FALSE;
}

/**
 * peal_gstwebrtc_link_retry:
 *
 * Sets when to ask again: later each time, unless the last session lasted.
 */
void
peal_gstwebrtc_link_retry (PealGstwebrtcLink *self, gint64 now_us)
{
  gint64 delay_us = FIRST_RETRY_US;

  if (self->started_us && now_us - self->started_us > LASTING_US)
    self->n_failures = 0;
  for (guint i = 0; i < self->n_failures && delay_us < LONGEST_RETRY_US; i++)
    delay_us *= 2;
  self->n_failures++;
  self->started_us = 0;
  self->due_us = now_us + MIN (delay_us, LONGEST_RETRY_US);
}

void
peal_gstwebrtc_link_leave (PealGstwebrtcLink *self, gint64 now_us)
{
  self->is_leaving = TRUE;
  self->due_us = now_us + SOON_US;
}

/**
 * peal_gstwebrtc_link_keep:
 * @candidate: (transfer none): for the session that was asked for
 *
 * Returns: whether there was room for it
 */
gboolean
peal_gstwebrtc_link_keep (PealGstwebrtcLink *self, PealMessage *candidate)
{
  if (self->waiting->len >= MAX_WAITING)
    return FALSE;
  g_ptr_array_add (self->waiting, peal_message_ref (candidate));
  return TRUE;
}

/**
 * peal_gstwebrtc_link_say_offer:
 *
 * The other side offers: the connection gets a name that nobody had before.
 */
void
peal_gstwebrtc_link_say_offer (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *sdp)
{
  g_autoptr (PealMessage) offer = NULL;

  g_free (self->own_session);
  self->own_session =
      g_strdup_printf ("%08x%08x", g_random_int (), g_random_int ());
  self->has_offered = FALSE;
  offer = peal_message_new_offer (self->member_id, self->own_session, sdp);
  peal_dialect_say (dialect, offer);
}

void
peal_gstwebrtc_link_say_answer (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *sdp)
{
  g_autoptr (PealMessage) answer =
      peal_message_new_answer (self->member_id, self->own_session, sdp);

  peal_dialect_say (dialect, answer);
}

/**
 * peal_gstwebrtc_link_say_candidate:
 * @candidate: empty at the end of the candidates
 */
void
peal_gstwebrtc_link_say_candidate (PealGstwebrtcLink *self,
    PealDialect *dialect, const gchar *candidate, gint mline)
{
  g_autoptr (PealMessage) message = peal_message_new_candidate (self->member_id,
      self->own_session, *candidate ? candidate : NULL, NULL, mline);

  peal_dialect_say (dialect, message);
}

/**
 * peal_gstwebrtc_link_say_bye:
 * @reason: (nullable): why
 *
 * The room's side lets go of the connection, if there is one.
 */
void
peal_gstwebrtc_link_say_bye (
    PealGstwebrtcLink *self, PealDialect *dialect, const gchar *reason)
{
  g_autoptr (PealMessage) bye =
      peal_message_new_bye (self->member_id, self->own_session, reason);

  if (self->own_session)
    peal_dialect_say (dialect, bye);
}

PealGstwebrtcLink *
peal_gstwebrtc_links_find_session (GPtrArray *links, const gchar *session)
{
  for (guint i = 0; i < links->len; i++) {
    PealGstwebrtcLink *link = g_ptr_array_index (links, i);

    if (g_strcmp0 (link->session, session) == 0)
      return link;
  }
  return NULL;
}

PealGstwebrtcLink *
peal_gstwebrtc_links_find_member (GPtrArray *links, const gchar *member_id)
{
  for (guint i = 0; i < links->len; i++) {
    PealGstwebrtcLink *link = g_ptr_array_index (links, i);

    if (g_strcmp0 (link->member_id, member_id) == 0)
      return link;
  }
  return NULL;
}

/**
 * peal_gstwebrtc_links_find_taken:
 *
 * Returns: (transfer none) (nullable): the one in which we take from @peer_id
 */
PealGstwebrtcLink *
peal_gstwebrtc_links_find_taken (GPtrArray *links, const gchar *peer_id)
{
  for (guint i = 0; i < links->len; i++) {
    PealGstwebrtcLink *link = g_ptr_array_index (links, i);

    if (link->is_wanted && g_str_equal (link->peer_id, peer_id))
      return link;
  }
  return NULL;
}

/**
 * peal_gstwebrtc_links_choose_id:
 *
 * Returns: (transfer full): @peer_id, or a number behind it when there is one
 */
gchar *
peal_gstwebrtc_links_choose_id (GPtrArray *links, const gchar *peer_id)
{
  gchar *id = g_strdup (peer_id);

  for (guint i = 2; peal_gstwebrtc_links_find_member (links, id); i++) {
    g_free (id);
    id = g_strdup_printf ("%s-%u", peer_id, i);
  }
  return id;
}
