/*
 * The one error domain of Peal. A code says what the caller should do next,
 * so that no caller has to read the text. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PEAL_ERROR (peal_error_quark ())

/**
 * PealError:
 * @PEAL_ERROR_RETRY: a passing fault (network, server away): try again later.
 * @PEAL_ERROR_REFUSED: the other side said no (token, full room, certificate):
 *   trying the same again will not help; the user must change something.
 * @PEAL_ERROR_UNSUPPORTED: this machine or this peer cannot do it (missing
 *   plugin, no common codec).
 * @PEAL_ERROR_PEER: the remote side sent something invalid: drop that peer.
 * @PEAL_ERROR_USAGE: what the user wrote cannot be (bad URI, bad value).
 * @PEAL_ERROR_BUG: an invariant of ours does not hold.
 */
typedef enum {
  PEAL_ERROR_RETRY,
  PEAL_ERROR_REFUSED,
  PEAL_ERROR_UNSUPPORTED,
  PEAL_ERROR_PEER,
  PEAL_ERROR_USAGE,
  PEAL_ERROR_BUG,
} PealError;

GQuark
peal_error_quark (void);
gboolean
peal_error_set (GError **error, PealError code, const gchar *text);

G_END_DECLS
