/*
 * Two requests at most, and a third to say good-bye: an allocation without
 * credentials (RFC 8656 section 7.1), which the server refuses with its realm
 * and a nonce; the same with credentials; and, since we wanted only to know,
 * a refresh of no time at all, which ends it. A binding is one request. The
 * messages are libnice's. Called by ice-probe. Pure.
 */
#include "session/stun-exchange.h"

#include <stun/usages/bind.h>
#include <stun/usages/turn.h>
#include <string.h>

/* Chosen: far above what requests and answers have. */
#define MESSAGE_BYTES 2048
#define COMPATIBILITY STUN_USAGE_TURN_COMPATIBILITY_RFC5766

struct _PealStunExchange {
  StunAgent agent;
  gchar *username; /* NULL: a binding is asked for */
  gchar *password;
  guint8 request[MESSAGE_BYTES];
  gsize request_length;
  guint8 challenge[MESSAGE_BYTES];
  StunMessage challenge_message;
  gboolean is_challenged;
  gint error;
};

static StunMessage *
get_challenge (PealStunExchange *self)
{
  return self->is_challenged ? &self->challenge_message : NULL;
}

static void
ask (PealStunExchange *self)
{
  StunMessage message;

  if (!self->username)
    self->request_length = stun_usage_bind_create (
        &self->agent, &message, self->request, sizeof self->request);
  else
    self->request_length = stun_usage_turn_create (&self->agent, &message,
        self->request, sizeof self->request, get_challenge (self),
        STUN_USAGE_TURN_REQUEST_PORT_NORMAL, -1, -1, (guint8 *)self->username,
        strlen (self->username), (guint8 *)self->password,
        strlen (self->password), COMPATIBILITY);
}

static void
ask_for_the_end (PealStunExchange *self)
{
  StunMessage message;

  self->request_length = 0;
  if (self->username)
    self->request_length = stun_usage_turn_create_refresh (&self->agent,
        &message, self->request, sizeof self->request, get_challenge (self), 0,
        (guint8 *)self->username, strlen (self->username),
        (guint8 *)self->password, strlen (self->password), COMPATIBILITY);
}

/**
 * peal_stun_exchange_new:
 * @username: (nullable): NULL asks a STUN server for a binding
 * @password: (nullable): needed with @username
 */
PealStunExchange *
peal_stun_exchange_new (const gchar *username, const gchar *password)
{
  PealStunExchange *self = g_new0 (PealStunExchange, 1);

  self->username = g_strdup (username);
  self->password = g_strdup (password);
  stun_agent_init (&self->agent, STUN_ALL_KNOWN_ATTRIBUTES,
      STUN_COMPATIBILITY_RFC5389,
      username ? STUN_AGENT_USAGE_LONG_TERM_CREDENTIALS
               : STUN_AGENT_USAGE_IGNORE_CREDENTIALS);
  ask (self);

  return self;
}

void
peal_stun_exchange_free (PealStunExchange *self)
{
  g_free (self->username);
  g_free (self->password);
  g_free (self);
}

/**
 * peal_stun_exchange_get_request:
 * @length: (out): bytes; 0: there is nothing to send
 *
 * Returns: (transfer none) (array length=length): what is to be sent now
 */
const guint8 *
peal_stun_exchange_get_request (PealStunExchange *self, gsize *length)
{
  *length = self->request_length;

  return self->request;
}

/* Answered once with realm and nonce is normal, twice is a refusal. */
static PealStunVerdict
judge_error (PealStunExchange *self, StunMessage *answer, gsize length)
{
  if (stun_message_find_error (answer, &self->error) !=
      STUN_MESSAGE_RETURN_SUCCESS)
    return PEAL_STUN_IGNORED;
  if (self->error != STUN_ERROR_UNAUTHORIZED || !self->username ||
      self->is_challenged || length > sizeof self->challenge)
    return PEAL_STUN_REFUSED;

  memcpy (self->challenge, answer->buffer, length);
  self->challenge_message = *answer;
  self->challenge_message.buffer = self->challenge;
  self->is_challenged = TRUE;
  ask (self);

  return PEAL_STUN_GO_ON;
}

/**
 * peal_stun_exchange_take:
 * @bytes: (array length=length): received so far in answer to the request
 *
 * Returns: what they mean
 */
PealStunVerdict
peal_stun_exchange_take (
    PealStunExchange *self, const guint8 *bytes, gsize length)
{
  StunMessage answer;

  switch (
      stun_agent_validate (&self->agent, &answer, bytes, length, NULL, NULL)) {
    case STUN_VALIDATION_INCOMPLETE_STUN:
      return PEAL_STUN_INCOMPLETE;
    case STUN_VALIDATION_SUCCESS:
      break;
    default:
      return PEAL_STUN_IGNORED;
  }
  switch (stun_message_get_class (&answer)) {
    case STUN_RESPONSE:
      ask_for_the_end (self);
      return PEAL_STUN_GOOD;
    case STUN_ERROR:
      return judge_error (self, &answer, length);
    default:
      return PEAL_STUN_IGNORED;
  }
}

/**
 * peal_stun_exchange_get_error:
 *
 * Returns: the number of the error with which the server refused; 0: none
 */
gint
peal_stun_exchange_get_error (PealStunExchange *self)
{
  return self->error;
}
