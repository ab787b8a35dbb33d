/*
 * The bytes of one connection, without waiting: of a plain socket by its
 * descriptor alone, which is all that thousands of idle members cost; of TLS
 * by its stream.
 *
 * Thread: one at a time, its owner's.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PealByteStream:
 * @fd: to be polled; -1: closed
 * @tls: (nullable): reads and writes for it
 */
typedef struct {
  gint fd;
  GIOStream *tls;
} PealByteStream;

enum {
  PEAL_BYTE_STREAM_END = 0,
  PEAL_BYTE_STREAM_WAIT = -1,
  PEAL_BYTE_STREAM_BROKEN = -2,
};

gboolean
peal_byte_stream_open (
    PealByteStream *self, GIOStream *stream, GByteArray *early);
gssize
peal_byte_stream_read (PealByteStream *self, guint8 *bytes, gsize size);
gssize
peal_byte_stream_write (
    PealByteStream *self, const guint8 *bytes, gsize length);
void
peal_byte_stream_close (PealByteStream *self);

G_END_DECLS
