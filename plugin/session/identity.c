/*
 * What a peer promised against what it showed. See identity.h. Called by the
 * connection.
 */
#include "session/identity.h"

#include "session/fingerprint.h"

/**
 * peal_identity_promise:
 * @fingerprints: of the remote description; they replace those before
 */
void
peal_identity_promise (PealIdentity *self, const gchar *const *fingerprints)
{
  g_strfreev (self->promised);
  self->promised = g_strdupv ((gchar **)fingerprints);
}

/**
 * peal_identity_show:
 * @pem: the certificate that DTLS showed
 */
void
peal_identity_show (PealIdentity *self, const gchar *pem)
{
  g_free (self->shown);
  self->shown = g_strdup (pem);
}

/**
 * peal_identity_judge:
 *
 * Returns: what is known by now
 */
PealIdentityVerdict
peal_identity_judge (const PealIdentity *self)
{
  if (!self->shown || !self->promised)
    return PEAL_IDENTITY_UNKNOWN;

  return peal_fingerprint_matches (
             self->shown, (const gchar *const *)self->promised)
      ? PEAL_IDENTITY_RIGHT
      : PEAL_IDENTITY_WRONG;
}

/**
 * peal_identity_clear:
 *
 * Nothing is known again, and nothing to be freed.
 */
void
peal_identity_clear (PealIdentity *self)
{
  g_clear_pointer (&self->promised, g_strfreev);
  g_clear_pointer (&self->shown, g_free);
}
