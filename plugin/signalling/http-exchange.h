/*
 * One HTTP request whose reply has a limit. For Engine.IO's polling.
 *
 * Thread: the thread-default main context of the caller; @done is called there,
 * with no lock held, never before the call has returned.
 */
#pragma once

#include <libsoup/soup.h>

G_BEGIN_DECLS

/**
 * PealHttpDone:
 * @status: the HTTP status, 0 when none came
 * @body: (nullable): the reply's body; NULL when @status is 0
 * @error: (nullable): why there is no reply
 */
typedef void (*PealHttpDone) (
    gpointer data, guint status, GBytes *body, const GError *error);

void
peal_http_exchange (SoupSession *session, SoupMessage *message, gsize max_bytes,
    GCancellable *cancellable, PealHttpDone done, gpointer data);

G_END_DECLS
