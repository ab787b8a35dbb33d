/*
 * What a gstwebrtc client says for the room's side. See
 * gstwebrtc-client-private.h. Pure.
 */
#include "base/error.h"
#include "wire/gstwebrtc-client-private.h"
#include "wire/gstwebrtc-words.h"

/* To a producer an offer goes with the question for a session. */
static gboolean
send_offer (PealGstwebrtcClient *self, PealGstwebrtcLink *link,
    PealMessage *message, gint64 now_us, GError **error)
{
  if (link->is_ours && link->own_session) {
    peal_gstwebrtc_client_end_link (
        self, link, "a new connection is a new session");
    peal_gstwebrtc_link_leave (link, now_us);
    return peal_error_set (
        error, PEAL_ERROR_USAGE, "this protocol has one offer in a session");
  }
  if (!link->is_ours)
    peal_gstwebrtc_client_end_link (self, link, NULL);
  link->own_session = g_strdup (message->session);
  link->has_offered = TRUE;
  if (link->is_ours)
    return peal_gstwebrtc_put_description (PEAL_DIALECT (self), link,
        PEAL_GSTWEBRTC_PEER_OFFER, message->sdp, error);
  link->is_asking = TRUE;
  link->due_us = G_MAXINT64;
  return peal_gstwebrtc_put_start (
      PEAL_DIALECT (self), link->peer_id, message->sdp, error);
}

static gboolean
send_answer (PealGstwebrtcClient *self, PealGstwebrtcLink *link,
    PealMessage *message, GError **error)
{
  if (!link->session || g_strcmp0 (link->own_session, message->session) != 0)
    return TRUE;
  return peal_gstwebrtc_put_description (PEAL_DIALECT (self), link,
      PEAL_GSTWEBRTC_PEER_ANSWER, message->sdp, error);
}

static gboolean
send_candidate (PealGstwebrtcClient *self, PealGstwebrtcLink *link,
    PealMessage *message, GError **error)
{
  if (g_strcmp0 (link->own_session, message->session) != 0)
    return TRUE;
  if (!link->session)
    return peal_gstwebrtc_link_keep (link, message) ||
        peal_error_set (error, PEAL_ERROR_USAGE, "too many candidates");
  return peal_gstwebrtc_put_candidate (
      PEAL_DIALECT (self), link, message, error);
}

static gboolean
send_renegotiate (
    PealGstwebrtcClient *self, PealGstwebrtcLink *link, GError **error)
{
  if (!link->is_wanted)
    return peal_error_set (
        error, PEAL_ERROR_USAGE, "only who starts a session can begin another");
  if (link->is_asking && !link->has_offered)
    return TRUE;
  peal_gstwebrtc_client_end_link (
      self, link, "a new connection is a new session");
  peal_gstwebrtc_client_ask (self, link);
  return TRUE;
}

static gboolean
send_bye (PealGstwebrtcClient *self, PealGstwebrtcLink *link,
    PealMessage *message, gint64 now_us)
{
  if (message->session && link->own_session &&
      !g_str_equal (link->own_session, message->session))
    return TRUE;
  peal_gstwebrtc_client_end_link (self, link, message->text);
  link->due_us = G_MAXINT64;
  if (!link->is_wanted)
    peal_gstwebrtc_link_leave (link, now_us);
  return TRUE;
}

static gboolean
leave (PealGstwebrtcClient *self)
{
  g_autoptr (PealGstwebrtcMessage) status =
      peal_gstwebrtc_message_new (PEAL_GSTWEBRTC_SET_PEER_STATUS);

  for (guint i = 0; i < self->links->len; i++)
    peal_gstwebrtc_client_end_link (
        self, g_ptr_array_index (self->links, i), "left");
  g_ptr_array_set_size (self->links, 0);
  if (self->choice.own_id)
    peal_gstwebrtc_client_put (self, status);
  g_clear_pointer (&self->join, peal_message_unref);
  self->silence_us = G_MAXINT64;
  return TRUE;
}

static gboolean
send_to_link (PealGstwebrtcClient *self, PealGstwebrtcLink *link,
    PealMessage *message, gint64 now_us, GError **error)
{
  switch (message->kind) {
    case PEAL_MESSAGE_OFFER:
      return send_offer (self, link, message, now_us, error);
    case PEAL_MESSAGE_ANSWER:
      return send_answer (self, link, message, error);
    case PEAL_MESSAGE_CANDIDATE:
      return send_candidate (self, link, message, error);
    case PEAL_MESSAGE_RENEGOTIATE:
      return send_renegotiate (self, link, error);
    case PEAL_MESSAGE_BYE:
      return send_bye (self, link, message, now_us);
    default:
      return peal_error_set (error, PEAL_ERROR_USAGE,
          "this protocol has no messages between members");
  }
}

/**
 * peal_gstwebrtc_client_say:
 *
 * The send of the dialect.
 */
gboolean
peal_gstwebrtc_client_say (
    PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealGstwebrtcClient *self = PEAL_GSTWEBRTC_CLIENT (dialect);
  PealGstwebrtcLink *link;

  if (message->kind == PEAL_MESSAGE_PING)
    return TRUE;
  if (message->kind == PEAL_MESSAGE_TEXT)
    return peal_error_set (error, PEAL_ERROR_USAGE,
        "this protocol has no messages between members");
  if (message->kind == PEAL_MESSAGE_BYE && !message->peer_id)
    return leave (self);
  link = peal_gstwebrtc_links_find_member (self->links, message->peer_id);
  if (link && !link->is_leaving)
    return send_to_link (self, link, message, now_us, error);
  return peal_error_set (error, PEAL_ERROR_RETRY, "nobody of that id is there");
}
