/*
 * A Peal server on a thread of its own, for tests whose members are elsewhere.
 * It can be killed, and started again where it was.
 *
 * Thread: the test's; the server itself is the other one's.
 */
#pragma once

#include "server/server.h"

G_BEGIN_DECLS

typedef struct _ServerThread ServerThread;

ServerThread *
server_thread_new (const PealServerOptions *options);
void
server_thread_free (ServerThread *self);

void
server_thread_stop (ServerThread *self);
void
server_thread_start (ServerThread *self);
guint
server_thread_get_port (ServerThread *self);

G_END_DECLS
