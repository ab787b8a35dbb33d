/*
 * A dialect that is chosen by the first words of the client, for paths where
 * more than one protocol is spoken. Pure.
 */
#pragma once

#include "wire/server-context.h"

G_BEGIN_DECLS

/**
 * PealDialectChoose:
 * @text: (nullable): the first frame, @length bytes; NULL when none came in
 *   time
 *
 * Returns: the constructor of what the client speaks
 */
typedef PealServerDialectNew (*PealDialectChoose) (
    const gchar *text, gsize length);

#define PEAL_TYPE_CHOICE_DIALECT (peal_choice_dialect_get_type ())
G_DECLARE_FINAL_TYPE (
    PealChoiceDialect, peal_choice_dialect, PEAL, CHOICE_DIALECT, PealDialect)

PealDialect *
peal_choice_dialect_new (const PealServerContext *context,
    PealDialectChoose choose, gint64 limit_us);

G_END_DECLS
