/*
 * What the two halves of the gstwebrtc codec share: the names of roles. Pure.
 */
#pragma once

#include "wire/gstwebrtc.h"

G_BEGIN_DECLS

guint
peal_gstwebrtc_role_from_string (const gchar *role);

G_END_DECLS
