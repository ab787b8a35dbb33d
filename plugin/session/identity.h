/*
 * Is the peer who its session description says? What it promised there and what
 * DTLS showed come in either order. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealIdentity: zero-initialised, nothing is known
 * @promised: (nullable): fingerprints of the remote description
 * @shown: (nullable): the certificate that DTLS showed, PEM
 */
typedef struct {
  GStrv promised;
  gchar *shown;
} PealIdentity;

/**
 * PealIdentityVerdict:
 * @PEAL_IDENTITY_UNKNOWN: one of the two is missing
 * @PEAL_IDENTITY_RIGHT: the certificate is one of those promised
 * @PEAL_IDENTITY_WRONG: it is not: somebody may be in between
 */
typedef enum {
  PEAL_IDENTITY_UNKNOWN,
  PEAL_IDENTITY_RIGHT,
  PEAL_IDENTITY_WRONG,
} PealIdentityVerdict;

void
peal_identity_promise (PealIdentity *self, const gchar *const *fingerprints);
void
peal_identity_show (PealIdentity *self, const gchar *pem);
PealIdentityVerdict
peal_identity_judge (const PealIdentity *self);
void
peal_identity_clear (PealIdentity *self);

G_END_DECLS
