/*
 * Chooses between gst-plugins-rs' and gst-examples' signalling. See
 * gst-choice.h. Pure.
 */
#include "wire/gst-choice.h"

#include <string.h>

#include "wire/choice-dialect.h"
#include "wire/gstexamples-server.h"
#include "wire/gstwebrtc-server.h"

/* protocols.md 3.1: HELLO comes within 200 ms, or never. */
#define HELLO_LIMIT_US (200 * 1000)
#define HELLO "HELLO"

static PealServerDialectNew
choose (const gchar *text, gsize length)
{
  if (text && length >= strlen (HELLO) &&
      strncmp (text, HELLO, strlen (HELLO)) == 0)
    return peal_gstexamples_server_new;
  return peal_gstwebrtc_server_new;
}

/**
 * peal_gst_server_new_for_first_frame:
 *
 * A dialect for `/`. Who says HELLO within 200 ms speaks gst-examples'
 * protocol; the others, gst-plugins-rs', are welcomed then.
 */
PealDialect *
peal_gst_server_new_for_first_frame (const PealServerContext *context)
{
  return peal_choice_dialect_new (context, choose, HELLO_LIMIT_US);
}
