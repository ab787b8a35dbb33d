/*
 * A dialect at work: gives it frames, words and the time, and hands on what
 * comes of them, in order.
 *
 * What the dialect says is kept until it has returned, and then handed on:
 * its owner may answer through the same dialect. What it says while it is told
 * something is handed on in a round of its own, since whoever tells it may be
 * in the middle of something.
 *
 * Thread: the server's.
 */
#pragma once

#include "wire/dialect.h"

G_BEGIN_DECLS

/**
 * PealConversationOwner:
 * @frame: is to be sent. Called inside the method that causes it
 * @message: the client means this. Called with no other call of the dialect
 *   under way; may send, and may stop the conversation
 * @end: the connection is to be closed, after all the messages before it
 */
typedef struct {
  void (*frame) (gpointer data, const gchar *text);
  void (*message) (gpointer data, PealMessage *message);
  void (*end) (gpointer data, guint code, const gchar *reason);
} PealConversationOwner;

typedef struct _PealConversation PealConversation;

PealConversation *
peal_conversation_new (
    PealDialect *dialect, const PealConversationOwner *owner, gpointer data);
void
peal_conversation_stop (PealConversation *self);
void
peal_conversation_unref (PealConversation *self);

void
peal_conversation_open (PealConversation *self);
void
peal_conversation_receive (
    PealConversation *self, const gchar *text, gsize length);
gboolean
peal_conversation_send (
    PealConversation *self, PealMessage *message, GError **error);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealConversation, peal_conversation_unref)

G_END_DECLS
