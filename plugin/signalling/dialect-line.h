/*
 * PealDialectLine: one connection that is spoken over: a transport, the
 * dialect at our end of it, and the dialect's time.
 *
 * Thread: belongs to the thread-default main context of the thread that made
 * it; the sink is called there, with no lock held, and may close the line.
 */
#pragma once

#include "signalling/client-transport.h"
#include "wire/dialect.h"

G_BEGIN_DECLS

/**
 * PealDialectLineSink:
 * @opened: the connection stands
 * @message: (transfer none): the other side means this. Messages may be sent
 *   meanwhile
 * @ended: the last: the connection is gone. The error's code says whether to
 *   try again
 */
typedef struct {
  void (*opened) (gpointer data);
  void (*message) (gpointer data, PealMessage *message);
  void (*ended) (gpointer data, const GError *error);
} PealDialectLineSink;

#define PEAL_TYPE_DIALECT_LINE (peal_dialect_line_get_type ())
G_DECLARE_FINAL_TYPE (
    PealDialectLine, peal_dialect_line, PEAL, DIALECT_LINE, GObject)

PealDialectLine *
peal_dialect_line_new (PealClientTransport *transport, PealDialect *dialect,
    const gchar *endpoint, const PealDialectLineSink *sink, gpointer data);
void
peal_dialect_line_connect (PealDialectLine *self);
gboolean
peal_dialect_line_send (
    PealDialectLine *self, PealMessage *message, GError **error);
PealDialect *
peal_dialect_line_close (PealDialectLine *self);

G_END_DECLS
