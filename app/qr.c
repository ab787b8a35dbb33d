/*
 * A QR code as text for a terminal: two rows of modules to a line, in half
 * blocks, with the quiet zone around it. Terminals are usually dark, so a
 * light module is the painted one; a phone reads it either way. Pure.
 */
#include "app/qr.h"

#include <qrencode.h>

/* ISO/IEC 18004 asks for 4 modules; phones are content with 2, and a code
 * that fits a screen of 24 lines is worth more. */
#define QUIET_ZONE_MODULES 2

static gboolean
is_light (const QRcode *code, gint x, gint y)
{
  if (x < 0 || y < 0 || x >= code->width || y >= code->width)
    return TRUE;
  return !(code->data[y * code->width + x] & 1);
}

static void
append_line (GString *text, const QRcode *code, gint y)
{
  for (gint x = -QUIET_ZONE_MODULES; x < code->width + QUIET_ZONE_MODULES;
       x++) {
    gboolean upper = is_light (code, x, y);
    gboolean lower = is_light (code, x, y + 1);

    g_string_append (text, upper ? (lower ? "█" : "▀") : (lower ? "▄" : " "));
  }
  g_string_append_c (text, '\n');
}

/**
 * peal_qr_to_text:
 * @text: what the code says
 *
 * Returns: (transfer full) (nullable): lines of UTF-8 half blocks, or NULL if
 *   @text does not fit a QR code
 */
gchar *
peal_qr_to_text (const gchar *text)
{
  GString *lines = NULL;
  QRcode *code = QRcode_encodeString8bit (text, 0, QR_ECLEVEL_L);

  if (!code)
    return NULL;
  lines = g_string_new (NULL);
  for (gint y = -QUIET_ZONE_MODULES; y < code->width + QUIET_ZONE_MODULES;
       y += 2)
    append_line (lines, code, y);
  QRcode_free (code);
  return g_string_free (lines, FALSE);
}
