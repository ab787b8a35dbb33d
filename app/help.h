/*
 * The text of --help, one page of 24 lines by 80 columns per command. Pure.
 */
#pragma once

#include "app/options.h"

G_BEGIN_DECLS

const gchar *
peal_help_for_command (PealCommand command);

G_END_DECLS
