/*
 * Errors in protocols that have text for them and no codes: `CODE: what to tell
 * a person`. So a client of ours knows from a server of ours whether it is
 * worth trying again. Pure; both ends' dialects call it.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

/* What somebody else's text is to us. */
#define PEAL_ERROR_TEXT_UNKNOWN "server-error"

/* What a client's dialect says of its own accord: whom the uri names is not
 * there. The text is a sentence for the person who wrote the uri. */
#define PEAL_ERROR_TEXT_NOBODY "nobody-there"

gchar *
peal_error_text_write (const PealMessage *error);
PealMessage *
peal_error_text_read (const gchar *text);

G_END_DECLS
