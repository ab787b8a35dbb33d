/*
 * PealDialectSignaller: the client's signaller for any protocol that has a
 * dialect. It owns what the protocols share: the transport, the state machine,
 * reconnecting with backoff, the dialect's time, and what was said while away.
 *
 * Thread: like every signaller.
 */
#pragma once

#include "signalling/signaller.h"
#include "signalling/client-transport.h"
#include "wire/dialect.h"

G_BEGIN_DECLS

#define PEAL_TYPE_DIALECT_SIGNALLER (peal_dialect_signaller_get_type ())
G_DECLARE_FINAL_TYPE (PealDialectSignaller, peal_dialect_signaller, PEAL,
    DIALECT_SIGNALLER, GObject)

/**
 * PealDialectPlan:
 * @make_transport: (transfer full): a new connection
 * @make_dialect: (transfer full): a new dialect for it. @previous is that of
 *   the connection before, or NULL: from it comes what is to be remembered
 * @free: ends @settings
 *
 * What makes a protocol. The dialect gets what the transport hears, and says
 * JOINED when it is in the room; until then an ERROR ends the attempt: for
 * good when its code is `unauthorized`, `bad-room`, `bad-name`, or `room-full`
 * for one who was never in.
 *
 * When JOINED comes again with the same id of our own, what was said meanwhile
 * is sent; with another id it is dropped, because its sessions are gone for
 * the others. Leaving is a BYE to nobody.
 */
typedef struct {
  PealClientTransport *(*make_transport) (gpointer settings);
  PealDialect *(*make_dialect) (gpointer settings, PealDialect *previous);
  void (*free) (gpointer settings);
} PealDialectPlan;

PealSignaller *
peal_dialect_signaller_new (const PealDialectPlan *plan, gpointer settings,
    const gchar *endpoint, const gchar *room, gboolean no_retry);

G_END_DECLS
