/*
 * Keeps a certificate ready for DTLS, from its first use to its last.
 *
 * Every dtlsdec that is given a PEM asks a table of the process for an agent
 * that has read it, and makes one when nobody has: a millisecond in the way of
 * each offer and answer. The agent lives as long as somebody uses it; and
 * whoever asks the table while its last user ends on another thread is given
 * what is being freed. So one dtlsdec of ours, in no bin, uses it all the time.
 *
 * Threads: made and freed on any thread; freeing waits for the making, which
 * has a thread of its own, because the first dtlsdec of a process also waits
 * for webrtcbin's own key.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _PealDtlsKeeper PealDtlsKeeper;

PealDtlsKeeper *
peal_dtls_keeper_new (const gchar *certificate);
void
peal_dtls_keeper_free (PealDtlsKeeper *self);

G_END_DECLS
