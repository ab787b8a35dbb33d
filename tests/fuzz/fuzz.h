/*
 * What a fuzz target is: a function over bytes that nobody vouches for, and
 * what to begin with. Linked with driver.c, or with libFuzzer by ./dev fuzz.
 */
#pragma once

#include <glib.h>

/* Files below tests/vectors whose texts and frames are seeds; ends in NULL. */
extern const gchar *const fuzz_vectors[];
/* More seeds; ends in NULL. */
extern const gchar *const fuzz_texts[];

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size);
