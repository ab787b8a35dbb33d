/*
 * What is said to a STUN or TURN server to find out whether it would serve us:
 * a binding, or an allocation with our credentials. Bytes in, bytes out; pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PealStunExchange PealStunExchange;

/**
 * PealStunVerdict: what an answer means
 * @PEAL_STUN_IGNORED: it is no answer to us; wait on
 * @PEAL_STUN_INCOMPLETE: the beginning of one; more bytes are needed
 * @PEAL_STUN_GO_ON: there is another request to send
 * @PEAL_STUN_GOOD: the server serves us; the last request says good-bye
 * @PEAL_STUN_REFUSED: it does not, see peal_stun_exchange_get_error()
 */
typedef enum {
  PEAL_STUN_IGNORED,
  PEAL_STUN_INCOMPLETE,
  PEAL_STUN_GO_ON,
  PEAL_STUN_GOOD,
  PEAL_STUN_REFUSED,
} PealStunVerdict;

PealStunExchange *
peal_stun_exchange_new (const gchar *username, const gchar *password);
void
peal_stun_exchange_free (PealStunExchange *self);
const guint8 *
peal_stun_exchange_get_request (PealStunExchange *self, gsize *length);
PealStunVerdict
peal_stun_exchange_take (
    PealStunExchange *self, const guint8 *bytes, gsize length);
gint
peal_stun_exchange_get_error (PealStunExchange *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealStunExchange, peal_stun_exchange_free)

G_END_DECLS
