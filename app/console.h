/*
 * What the commands say: sentences, a status block that is redrawn in place
 * on a terminal, or JSON lines. One console per process run. Main thread.
 */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

typedef struct _PealConsole PealConsole;

/**
 * PealTone:
 *
 * How a piece of text is meant; a colour where the terminal has them.
 */
typedef enum {
  PEAL_TONE_PLAIN,
  PEAL_TONE_GOOD,
  PEAL_TONE_BAD,
  PEAL_TONE_FAINT,
  PEAL_TONE_STRONG,
} PealTone;

PealConsole *
peal_console_new (const gchar *command, gboolean is_json);
void
peal_console_free (PealConsole *self);

gboolean
peal_console_is_json (PealConsole *self);
gboolean
peal_console_is_terminal (PealConsole *self);
gchar *
peal_console_paint (PealConsole *self, PealTone tone, const gchar *text);

void
peal_console_say (PealConsole *self, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);
void
peal_console_complain (PealConsole *self, const gchar *format, ...)
    G_GNUC_PRINTF (2, 3);
void
peal_console_event (PealConsole *self, JsonNode *event);
void
peal_console_set_status (PealConsole *self, const gchar *const *lines);
gboolean
peal_console_is_broken (PealConsole *self);
const gchar *
peal_console_get_fault (PealConsole *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (PealConsole, peal_console_free)

G_END_DECLS
