/*
 * The two messages that open a data channel (RFC 8832), checked before
 * webrtcbin reads them: it answers to a malformed one with a critical warning.
 * Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* RFC 8832 section 8.1: the SCTP payload protocol identifier. */
#define PEAL_DCEP_PPID 50

gboolean
peal_dcep_is_valid (const guint8 *data, gsize size);

G_END_DECLS
