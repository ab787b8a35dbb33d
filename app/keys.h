/*
 * Keys on the terminal, one at a time, and a line of text when asked for.
 * Main thread.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef struct _PealKeys PealKeys;

/**
 * PealKeyFunc:
 * @key: the key, lower case; 0 while a text is being typed and at its end
 * @text: (nullable): the text so far, or the whole of it if @is_complete;
 *   NULL: typing was given up
 * @is_complete: whether Enter was pressed
 * @data: the data of peal_keys_new()
 *
 * Called on the main thread; may call peal_keys_begin_text().
 */
typedef void (*PealKeyFunc) (
    gchar key, const gchar *text, gboolean is_complete, gpointer data);

PealKeys *
peal_keys_new (PealKeyFunc func, gpointer data);
void
peal_keys_free (PealKeys *self);
void
peal_keys_begin_text (PealKeys *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealKeys, peal_keys_free)

G_END_DECLS
