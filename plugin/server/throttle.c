/*
 * Token buckets. See throttle.h. Pure; one thread at a time.
 *
 * A bucket that would be full again says nothing that a new one would not, so
 * such buckets are swept whenever the table has doubled since the last sweep:
 * memory follows the number of keys that are busy now.
 */
#include "server/throttle.h"

#define FIRST_SWEEP_SIZE 64 /* chosen: below this, sweeping is not worth it */

typedef struct {
  gdouble tokens;
  gint64 filled_at_us;
} Bucket;

struct _PealThrottle {
  guint burst;
  gdouble per_second;
  GHashTable *buckets; /* key string -> Bucket */
  guint sweep_size;
};

typedef struct {
  PealThrottle *throttle;
  gint64 now_us;
} Sweep;

/**
 * peal_throttle_new:
 * @burst: how many may come at once, from 1
 * @per_second: how many may come each second for ever
 */
PealThrottle *
peal_throttle_new (guint burst, gdouble per_second)
{
  PealThrottle *self = g_new0 (PealThrottle, 1);

  self->burst = burst;
  self->per_second = per_second;
  self->buckets =
      g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  self->sweep_size = FIRST_SWEEP_SIZE;
  return self;
}

void
peal_throttle_free (PealThrottle *self)
{
  g_hash_table_unref (self->buckets);
  g_free (self);
}

static gdouble
tokens_at (PealThrottle *self, const Bucket *bucket, gint64 now_us)
{
  gint64 passed_us = MAX (now_us - bucket->filled_at_us, 0);
  gdouble tokens =
      bucket->tokens + self->per_second * passed_us / G_USEC_PER_SEC;

  return MIN (tokens, self->burst);
}

static gboolean
is_full (gpointer key, gpointer value, gpointer data)
{
  Sweep *sweep = data;

  return tokens_at (sweep->throttle, value, sweep->now_us) >=
      sweep->throttle->burst;
}

static void
sweep_full_buckets (PealThrottle *self, gint64 now_us)
{
  Sweep sweep = { self, now_us };

  if (g_hash_table_size (self->buckets) < self->sweep_size)
    return;
  g_hash_table_foreach_remove (self->buckets, is_full, &sweep);
  self->sweep_size =
      MAX (FIRST_SWEEP_SIZE, 2 * g_hash_table_size (self->buckets));
}

static Bucket *
ensure_bucket (PealThrottle *self, const gchar *key, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, key);

  if (bucket)
    return bucket;
  sweep_full_buckets (self, now_us);
  bucket = g_new0 (Bucket, 1);
  bucket->tokens = self->burst;
  bucket->filled_at_us = now_us;
  g_hash_table_insert (self->buckets, g_strdup (key), bucket);
  return bucket;
}

/**
 * peal_throttle_take:
 * @key: who wants to do something
 * @now_us: the monotonic time, in microseconds
 *
 * Returns: whether @key may; if so, it has paid one token
 */
gboolean
peal_throttle_take (PealThrottle *self, const gchar *key, gint64 now_us)
{
  Bucket *bucket = ensure_bucket (self, key, now_us);

  bucket->tokens = tokens_at (self, bucket, now_us);
  bucket->filled_at_us = now_us;
  if (bucket->tokens < 1)
    return FALSE;
  bucket->tokens -= 1;
  return TRUE;
}

/**
 * peal_throttle_get_size:
 *
 * Returns: how many buckets are kept
 */
guint
peal_throttle_get_size (PealThrottle *self)
{
  return g_hash_table_size (self->buckets);
}
