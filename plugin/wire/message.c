/*
 * PealMessage, its parts and their life. See message.h. Pure.
 *
 * A message is filled by the one who makes it and not changed afterwards, so
 * references may go to other threads.
 */
#include "wire/message.h"

G_DEFINE_BOXED_TYPE (
    PealMessage, peal_message, peal_message_ref, peal_message_unref)

static const gchar *const kind_names[] = {
  [PEAL_MESSAGE_JOIN] = "join",
  [PEAL_MESSAGE_JOINED] = "joined",
  [PEAL_MESSAGE_PEER_JOINED] = "peer-joined",
  [PEAL_MESSAGE_PEER_LEFT] = "peer-left",
  [PEAL_MESSAGE_OFFER] = "offer",
  [PEAL_MESSAGE_ANSWER] = "answer",
  [PEAL_MESSAGE_CANDIDATE] = "candidate",
  [PEAL_MESSAGE_RENEGOTIATE] = "renegotiate",
  [PEAL_MESSAGE_TEXT] = "message",
  [PEAL_MESSAGE_BYE] = "bye",
  [PEAL_MESSAGE_PING] = "ping",
  [PEAL_MESSAGE_PONG] = "pong",
  [PEAL_MESSAGE_ERROR] = "error",
};

/**
 * peal_message_new:
 * @kind: what it says
 * @peer_id: (nullable): whom it is for, or from
 *
 * Returns: (transfer full): a message whose other fields are empty
 */
PealMessage *
peal_message_new (PealMessageKind kind, const gchar *peer_id)
{
  PealMessage *self = g_new0 (PealMessage, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->kind = kind;
  self->peer_id = g_strdup (peer_id);
  self->sdp_mline_index = -1;

  return self;
}

PealMessage *
peal_message_ref (PealMessage *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
free_texts (PealMessage *self)
{
  g_free (self->peer_id);
  g_free (self->session);
  g_free (self->replaces);
  g_free (self->sdp);
  g_free (self->candidate);
  g_free (self->sdp_mid);
  g_free (self->text);
  g_free (self->code);
  g_free (self->room);
  g_free (self->name);
  g_free (self->calls);
  g_free (self->token);
  g_free (self->resume);
}

void
peal_message_unref (PealMessage *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  free_texts (self);
  g_clear_pointer (&self->body, json_node_unref);
  g_clear_pointer (&self->meta, json_node_unref);
  g_clear_pointer (&self->member, peal_member_free);
  g_clear_pointer (&self->members, g_ptr_array_unref);
  g_clear_pointer (&self->ice_servers, g_ptr_array_unref);
  g_free (self);
}

/**
 * peal_message_kind_to_string:
 *
 * Returns: (transfer none): the kind as Peal rooms v1 spells it
 */
const gchar *
peal_message_kind_to_string (PealMessageKind kind)
{
  g_return_val_if_fail ((guint)kind < G_N_ELEMENTS (kind_names), NULL);

  return kind_names[kind];
}

static PealMessage *
new_description (PealMessageKind kind, const gchar *peer_id,
    const gchar *session, const gchar *sdp)
{
  PealMessage *self = peal_message_new (kind, peer_id);

  self->session = g_strdup (session);
  self->sdp = g_strdup (sdp);

  return self;
}

PealMessage *
peal_message_new_offer (
    const gchar *peer_id, const gchar *session, const gchar *sdp)
{
  return new_description (PEAL_MESSAGE_OFFER, peer_id, session, sdp);
}

PealMessage *
peal_message_new_answer (
    const gchar *peer_id, const gchar *session, const gchar *sdp)
{
  return new_description (PEAL_MESSAGE_ANSWER, peer_id, session, sdp);
}

/**
 * peal_message_new_candidate:
 * @candidate: (nullable): `candidate:…`, or NULL at the end of the candidates
 * @sdp_mid: (nullable): the media section's mid
 * @sdp_mline_index: the media section's index from 0, or -1 when not known
 */
PealMessage *
peal_message_new_candidate (const gchar *peer_id, const gchar *session,
    const gchar *candidate, const gchar *sdp_mid, gint sdp_mline_index)
{
  PealMessage *self = peal_message_new (PEAL_MESSAGE_CANDIDATE, peer_id);

  self->session = g_strdup (session);
  self->candidate = g_strdup (candidate);
  self->sdp_mid = g_strdup (sdp_mid);
  self->sdp_mline_index = sdp_mline_index;

  return self;
}

/**
 * peal_message_new_text:
 * @peer_id: (nullable): whom it is for; NULL is everyone
 * @body: (transfer none): any JSON
 */
PealMessage *
peal_message_new_text (const gchar *peer_id, JsonNode *body)
{
  PealMessage *self = peal_message_new (PEAL_MESSAGE_TEXT, peer_id);

  self->body = json_node_ref (body);

  return self;
}

PealMessage *
peal_message_new_bye (
    const gchar *peer_id, const gchar *session, const gchar *reason)
{
  PealMessage *self = peal_message_new (PEAL_MESSAGE_BYE, peer_id);

  self->session = g_strdup (session);
  self->text = g_strdup (reason);

  return self;
}

PealMessage *
peal_message_new_error (
    const gchar *peer_id, const gchar *code, const gchar *text)
{
  PealMessage *self = peal_message_new (PEAL_MESSAGE_ERROR, peer_id);

  self->code = g_strdup (code);
  self->text = g_strdup (text);

  return self;
}

/**
 * peal_message_new_relayed:
 * @message: as @sender says it
 *
 * Returns: (transfer full): as whom it is for hears it
 */
PealMessage *
peal_message_new_relayed (const PealMessage *message, const gchar *sender)
{
  PealMessage *self = peal_message_new (message->kind, sender);

  self->session = g_strdup (message->session);
  self->replaces = g_strdup (message->replaces);
  self->sdp = g_strdup (message->sdp);
  self->candidate = g_strdup (message->candidate);
  self->sdp_mid = g_strdup (message->sdp_mid);
  self->sdp_mline_index = message->sdp_mline_index;
  self->body = message->body ? json_node_ref (message->body) : NULL;
  self->text = g_strdup (message->text);

  return self;
}

PealMember *
peal_member_new (
    const gchar *id, const gchar *name, JsonNode *meta, gboolean offers)
{
  PealMember *self = g_new0 (PealMember, 1);

  self->id = g_strdup (id);
  self->name = g_strdup (name);
  self->meta = meta ? json_node_ref (meta) : NULL;
  self->offers = offers;

  return self;
}

PealMember *
peal_member_copy (const PealMember *self)
{
  PealMember *copy =
      peal_member_new (self->id, self->name, self->meta, self->offers);

  copy->is_presumed = self->is_presumed;
  copy->is_settled = self->is_settled;
  return copy;
}

void
peal_member_free (PealMember *self)
{
  g_free (self->id);
  g_free (self->name);
  g_clear_pointer (&self->meta, json_node_unref);
  g_free (self);
}

PealIceServer *
peal_ice_server_new (
    const gchar *const *urls, const gchar *username, const gchar *credential)
{
  PealIceServer *self = g_new0 (PealIceServer, 1);

  self->urls = g_strdupv ((GStrv)urls);
  self->username = g_strdup (username);
  self->credential = g_strdup (credential);

  return self;
}

void
peal_ice_server_free (PealIceServer *self)
{
  g_strfreev (self->urls);
  g_free (self->username);
  g_free (self->credential);
  g_free (self);
}
