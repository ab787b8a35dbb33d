/*
 * Keeps a certificate ready for DTLS. See dtls-keeper.h. Made by settings.
 */
#include "session/dtls-keeper.h"

struct _PealDtlsKeeper {
  gchar *certificate;
  GThread *maker; /* gives the dtlsdec, or NULL */
};

static gpointer
make (gpointer data)
{
  PealDtlsKeeper *self = data;
  GstElement *dtls = gst_element_factory_make ("dtlsdec", NULL);

  if (!dtls)
    return NULL;
  g_object_set (dtls, "pem", self->certificate, NULL);
  return gst_object_ref_sink (dtls);
}

/**
 * peal_dtls_keeper_new:
 * @certificate: PEM of certificate and key
 *
 * Begins, and returns at once.
 *
 * Returns: (transfer full): holds it until it is freed
 */
PealDtlsKeeper *
peal_dtls_keeper_new (const gchar *certificate)
{
  PealDtlsKeeper *self = g_new0 (PealDtlsKeeper, 1);

  self->certificate = g_strdup (certificate);
  self->maker = g_thread_new ("peal-dtls", make, self);
  return self;
}

/**
 * peal_dtls_keeper_free:
 *
 * Waits until it is made, if it is not yet; that may take as long as a key.
 */
void
peal_dtls_keeper_free (PealDtlsKeeper *self)
{
  GstElement *dtls = g_thread_join (self->maker);

  gst_clear_object (&dtls);
  g_free (self->certificate);
  g_free (self);
}
