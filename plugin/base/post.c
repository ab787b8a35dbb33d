/*
 * Weak posts between threads. See post.h. No state of its own.
 */
#include "base/post.h"

typedef struct {
  GWeakRef object;
  PealPostFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

static Post *
post_new (
    gpointer object, PealPostFunc func, gpointer data, GDestroyNotify destroy)
{
  Post *post = g_new0 (Post, 1);

  g_weak_ref_init (&post->object, object);
  post->func = func;
  post->data = data;
  post->destroy = destroy;

  return post;
}

static void
post_free (gpointer data)
{
  Post *post = data;

  g_weak_ref_clear (&post->object);
  if (post->destroy && post->data)
    post->destroy (post->data);
  g_free (post);
}

static gboolean
post_run (gpointer data)
{
  Post *post = data;
  g_autoptr (GObject) object = g_weak_ref_get (&post->object);

  if (object)
    post->func (object, post->data);

  return G_SOURCE_REMOVE;
}

static void
attach (GSource *source, gint priority, GMainContext *context, Post *post)
{
  g_source_set_priority (source, priority);
  g_source_set_callback (source, post_run, post, post_free);
  g_source_attach (source, context);
}

/**
 * peal_post:
 * @context: the context that owns @object
 * @object: a #GObject, held weakly until @func runs
 * @func: runs on @context's thread, unless @object is gone by then
 * @data: (transfer full) (nullable): its argument
 * @destroy: (nullable): frees @data in any case
 *
 * Returns at once; posts to one context run in order. Any thread, any lock.
 */
void
peal_post (GMainContext *context, gpointer object, PealPostFunc func,
    gpointer data, GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  attach (source, G_PRIORITY_DEFAULT, context,
      post_new (object, func, data, destroy));
}

/**
 * peal_post_last:
 *
 * Like peal_post(), but all that @context has to do now goes first: what was
 * posted, and what sockets have to read and write.
 */
void
peal_post_last (GMainContext *context, gpointer object, PealPostFunc func)
{
  g_autoptr (GSource) source = g_idle_source_new ();

  attach (source, G_PRIORITY_DEFAULT_IDLE, context,
      post_new (object, func, NULL, NULL));
}

/**
 * peal_post_delayed:
 * @delay_ms: in milliseconds
 *
 * Like peal_post(), once, after @delay_ms.
 *
 * Returns: (transfer full): the source; destroy it to cancel
 */
GSource *
peal_post_delayed (
    GMainContext *context, gpointer object, guint delay_ms, PealPostFunc func)
{
  GSource *source = g_timeout_source_new (delay_ms);

  attach (
      source, G_PRIORITY_DEFAULT, context, post_new (object, func, NULL, NULL));

  return source;
}
