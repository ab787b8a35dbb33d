/*
 * The certificate that DTLS shows. See dtls-certificate.h.
 *
 * dtlsdec, when it is given one, throws its connection away and makes another.
 * It takes no lock for that, and it asks a connection for keys and for the
 * peer's certificate only while it goes from NULL to READY. webrtcbin makes its
 * transports on a thread of its own, and shows them to its children's iterator
 * before it shows them to us; so somebody else, such as the thread that brings
 * a pipeline from PAUSED to PLAYING, may be raising them just then. It then
 * took the connection that was being freed, and crashed; or it was done with
 * it, and nobody ever heard of the keys.
 */
#include "session/dtls-certificate.h"

/**
 * peal_dtls_certificate_set:
 * @decoder: a dtlsdec, whose dtlsenc is in NULL state
 * @pem: certificate and key
 *
 * Any thread that does not hold the lock of @decoder's state for another one.
 */
void
peal_dtls_certificate_set (GstElement *decoder, const gchar *pem)
{
  GstState state;

  GST_STATE_LOCK (decoder); /* which whoever raises it holds */
  state = GST_STATE (decoder);
  gst_element_set_state (decoder, GST_STATE_NULL);
  g_object_set (decoder, "pem", pem, NULL);
  gst_element_set_state (decoder, state);
  GST_STATE_UNLOCK (decoder);
}
