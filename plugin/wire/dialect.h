/*
 * PealDialect: one end of one connection that speaks somebody's protocol. It
 * turns frames into PealMessages and PealMessages into frames, and remembers
 * what lies between them (who is who, which session is meant, what was asked).
 * Pure: the caller owns the socket and says what time it is.
 *
 * A client's dialect says what a server would say (joined, peer-joined, offer
 * from …) and is given what a member says. A server's dialect says what a
 * member says (join, offer to …) and is given what the room says. Either way a
 * protocol without sessions, ids or rooms gets them made up here.
 *
 * Thread: one at a time, its owner's. The sink is called inside the method
 * that causes it, with no lock held; it may not call back into the dialect.
 */
#pragma once

#include <glib-object.h>

#include "wire/message.h"

G_BEGIN_DECLS

/**
 * PealDialectSink:
 * @frame: send this text over the connection, after all before it
 * @message: (transfer none): the other side means this
 * @end: (nullable reason): the connection is to be closed with this WebSocket
 *   close code; nothing more comes from the dialect
 *
 * Where a dialect's words go. @data is the owner's.
 */
typedef struct {
  void (*frame) (gpointer data, const gchar *text);
  void (*message) (gpointer data, PealMessage *message);
  void (*end) (gpointer data, guint code, const gchar *reason);
} PealDialectSink;

#define PEAL_TYPE_DIALECT (peal_dialect_get_type ())
G_DECLARE_DERIVABLE_TYPE (PealDialect, peal_dialect, PEAL, DIALECT, GObject)

/**
 * PealDialectClass:
 * @open: the connection stands; says the first words, if it is our turn. Once
 *   per connection: a dialect may be there for several, one after the other
 * @receive: a frame came. Malformed or unexpected input never leaves the
 *   dialect confused: it is answered as the protocol wants, ignored, or ends
 *   the connection
 * @send: the owner wants to say this. FALSE with USAGE or RETRY when the
 *   protocol has no way to
 * @tick: time passed. Returns when to be called again, monotonic
 *   microseconds, or G_MAXINT64
 */
struct _PealDialectClass {
  GObjectClass parent;

  void (*open) (PealDialect *self, gint64 now_us);
  void (*receive) (
      PealDialect *self, const gchar *text, gsize length, gint64 now_us);
  gboolean (*send) (
      PealDialect *self, PealMessage *message, gint64 now_us, GError **error);
  gint64 (*tick) (PealDialect *self, gint64 now_us);
};

/* ---- the owner's side ---- */

void
peal_dialect_set_sink (
    PealDialect *self, const PealDialectSink *sink, gpointer data);
void
peal_dialect_open (PealDialect *self, gint64 now_us);
void
peal_dialect_receive (
    PealDialect *self, const gchar *text, gsize length, gint64 now_us);
gboolean
peal_dialect_send (
    PealDialect *self, PealMessage *message, gint64 now_us, GError **error);
gint64
peal_dialect_tick (PealDialect *self, gint64 now_us);
gboolean
peal_dialect_has_times (PealDialect *self);

/* ---- the subclass's side ---- */

void
peal_dialect_put_frame (PealDialect *self, const gchar *text);
void
peal_dialect_say (PealDialect *self, PealMessage *message);
void
peal_dialect_end (PealDialect *self, guint code, const gchar *reason);

G_END_DECLS
