/*
 * The user's file of certificates beside the system's. See tls-trust.h.
 *
 * Two ways to be believed through the file:
 * - pinned: the server's own certificate is in the file. Then its name does
 *   not matter, because nobody else has its key; that makes a self-signed
 *   certificate usable on an address such as 192.168.1.5.
 * - issued: a certificate in the file vouches for it. Then the name must match
 *   as it must for the system's authorities.
 */
#include "signalling/tls-trust.h"

#include "base/error.h"

struct _PealTlsTrust {
  GList *pinned; /* of GTlsCertificate */
  GTlsDatabase *authorities;
};

static gboolean
load (PealTlsTrust *self, const gchar *ca_file, GError **error)
{
  g_autofree gchar *path = g_canonicalize_filename (ca_file, NULL);
  g_autoptr (GError) cause = NULL;

  self->pinned = g_tls_certificate_list_new_from_file (path, &cause);
  if (self->pinned)
    self->authorities = g_tls_file_database_new (path, &cause);
  if (self->authorities)
    return TRUE;

  g_set_error (error, PEAL_ERROR, PEAL_ERROR_USAGE,
      "tls-ca-file \"%s\" has no usable certificate%s%s", ca_file,
      cause ? ": " : "", cause ? cause->message : "");
  return FALSE;
}

/**
 * peal_tls_trust_new:
 * @ca_file: (nullable): PEM file; NULL trusts the system alone
 * @error: (out) (optional): USAGE when the file cannot be used
 *
 * Returns: (transfer full) (nullable): whom to believe
 */
PealTlsTrust *
peal_tls_trust_new (const gchar *ca_file, GError **error)
{
  g_autoptr (PealTlsTrust) self = g_new0 (PealTlsTrust, 1);

  if (ca_file && !load (self, ca_file, error))
    return NULL;

  return g_steal_pointer (&self);
}

void
peal_tls_trust_free (PealTlsTrust *self)
{
  g_list_free_full (self->pinned, g_object_unref);
  g_clear_object (&self->authorities);
  g_free (self);
}

static gboolean
is_pinned (PealTlsTrust *self, GTlsCertificate *certificate)
{
  for (GList *item = self->pinned; item; item = item->next)
    if (g_tls_certificate_is_same (item->data, certificate))
      return TRUE;

  return FALSE;
}

/**
 * peal_tls_trust_check:
 * @certificate: what the server showed
 * @problems: what the system finds wrong with it
 * @identity: (nullable): the host that was asked for
 *
 * Returns: what is still wrong with the user's file in mind; 0 is nothing
 */
GTlsCertificateFlags
peal_tls_trust_check (PealTlsTrust *self, GTlsCertificate *certificate,
    GTlsCertificateFlags problems, GSocketConnectable *identity)
{
  GTlsCertificateFlags file_problems;

  if (problems == 0 || !self->authorities)
    return problems;
  if (is_pinned (self, certificate))
    return problems &
        ~(GTlsCertificateFlags)(G_TLS_CERTIFICATE_UNKNOWN_CA |
            G_TLS_CERTIFICATE_BAD_IDENTITY);

  file_problems = g_tls_database_verify_chain (self->authorities, certificate,
      G_TLS_DATABASE_PURPOSE_AUTHENTICATE_SERVER, identity, NULL,
      G_TLS_DATABASE_VERIFY_NONE, NULL, NULL);
  return file_problems;
}
