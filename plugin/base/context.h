/*
 * The rule "this object belongs to that main context", checked; and a way for
 * an object that ends in the background to keep its context running till then.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

gboolean
peal_context_is_current (GMainContext *context);

void
peal_context_hold (void);
void
peal_context_release (void);
gboolean
peal_context_is_held (void);

/**
 * peal_assert_context:
 * @context: the context that an object belongs to
 *
 * Asserts that the caller runs where @context is the thread-default one. Every
 * method of signalling, session and server opens with it.
 */
#define peal_assert_context(context) \
  g_assert (peal_context_is_current (context))

G_END_DECLS
