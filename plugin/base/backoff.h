/*
 * How long to wait before trying again: exponential backoff with full jitter.
 * Pure: the source of chance is the caller's, and nothing here sleeps.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* protocols.md, section 1: clients reconnect with 0.5 s to 15 s. */
#define PEAL_BACKOFF_FIRST_MS 500
#define PEAL_BACKOFF_LIMIT_MS 15000

/**
 * PealBackoffRandom:
 * @limit: exclusive upper bound, at least 1
 * @data: given to peal_backoff_init()
 *
 * Returns: a number from 0 to @limit - 1, all equally likely
 */
typedef guint (*PealBackoffRandom) (guint limit, gpointer data);

/**
 * PealBackoff:
 *
 * A value; its fields are private. Whoever holds it guards it.
 */
typedef struct {
  guint ceiling_ms;
  PealBackoffRandom random;
  gpointer data;
} PealBackoff;

void
peal_backoff_init (PealBackoff *self, PealBackoffRandom random, gpointer data);
guint
peal_backoff_next_ms (PealBackoff *self);
void
peal_backoff_reset (PealBackoff *self);

G_END_DECLS
