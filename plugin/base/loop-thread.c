/*
 * A thread that owns a GMainContext. See loop-thread.h.
 *
 * Life cycle: it has one owner. new starts the thread; stop runs what was
 * posted before it, lets what holds the thread end (see context.h), quits and
 * joins. After stop, posts are dropped (their destroy function still runs) and
 * calls return without running. Stop from the thread itself is refused: it
 * would join itself.
 *
 * Lock: `lock` guards `is_stopped`; it is never held while a posted function
 * runs.
 */
#include "base/loop-thread.h"

#include "base/context.h"

struct _PealLoopThread {
  GMainContext *context;
  GMainLoop *loop;
  GThread *thread;
  GMutex lock;
  gboolean is_stopped; /* guarded by lock */
};

typedef struct {
  PealLoopFunc func;
  gpointer data;
  GDestroyNotify destroy;
} Post;

typedef struct {
  PealLoopFunc func;
  gpointer data;
  GMutex lock;
  GCond cond;
  gboolean is_done; /* guarded by lock */
} Call;

static gpointer
run (gpointer data)
{
  PealLoopThread *self = data;

  g_main_context_push_thread_default (self->context);
  g_main_loop_run (self->loop);
  while (peal_context_is_held () || g_main_context_pending (self->context))
    g_main_context_iteration (self->context, TRUE);
  g_main_context_pop_thread_default (self->context);

  return NULL;
}

static gboolean
run_post (gpointer data)
{
  Post *post = data;

  post->func (post->data);
  return G_SOURCE_REMOVE;
}

static void
free_post (gpointer data)
{
  Post *post = data;

  if (post->destroy)
    post->destroy (post->data);
  g_free (post);
}

static gboolean
attach (PealLoopThread *self, GSourceFunc func, gpointer data,
    GDestroyNotify destroy)
{
  g_autoptr (GSource) source = g_idle_source_new ();
  gboolean is_accepted;

  g_source_set_priority (source, G_PRIORITY_DEFAULT);
  g_source_set_callback (source, func, data, destroy);
  g_mutex_lock (&self->lock);
  is_accepted = !self->is_stopped;
  if (is_accepted)
    g_source_attach (source, self->context);
  g_mutex_unlock (&self->lock);

  return is_accepted;
}

static void
finish_call (gpointer data)
{
  Call *call = data;

  g_mutex_lock (&call->lock);
  call->is_done = TRUE;
  g_cond_signal (&call->cond);
  g_mutex_unlock (&call->lock);
}

static gboolean
run_call (gpointer data)
{
  Call *call = data;

  call->func (call->data);
  return G_SOURCE_REMOVE;
}

static gboolean
on_quit (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_REMOVE;
}

/**
 * peal_loop_thread_new:
 * @name: the thread's name, at most 15 bytes to be seen whole in tools
 *
 * Returns: (transfer full): a running loop thread
 */
PealLoopThread *
peal_loop_thread_new (const gchar *name)
{
  PealLoopThread *self = g_new0 (PealLoopThread, 1);

  g_mutex_init (&self->lock);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
  self->thread = g_thread_new (name, run, self);

  return self;
}

/**
 * peal_loop_thread_free:
 * @self: (transfer full): a stopped loop thread
 *
 * Any thread but the loop thread itself.
 */
void
peal_loop_thread_free (PealLoopThread *self)
{
  g_assert (self->thread == NULL);
  g_main_loop_unref (self->loop);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * peal_loop_thread_stop:
 * @self: a loop thread
 *
 * Runs what was posted before, then ends and joins the thread. Further posts
 * are dropped. May be called once more without effect; never from the loop
 * thread itself.
 */
void
peal_loop_thread_stop (PealLoopThread *self)
{
  g_autoptr (GSource) quit = g_idle_source_new ();

  g_return_if_fail (!peal_loop_thread_is_current (self));

  if (!self->thread)
    return;

  /* In one step: nothing is accepted behind the quit, where it would be left
   * lying and a call would wait for ever. */
  g_source_set_priority (quit, G_PRIORITY_DEFAULT);
  g_source_set_callback (quit, on_quit, self->loop, NULL);
  g_mutex_lock (&self->lock);
  g_source_attach (quit, self->context);
  self->is_stopped = TRUE;
  g_mutex_unlock (&self->lock);
  g_clear_pointer (&self->thread, g_thread_join);
}

/**
 * peal_loop_thread_is_current:
 *
 * Returns: whether the caller runs on this loop thread. Any thread.
 */
gboolean
peal_loop_thread_is_current (PealLoopThread *self)
{
  return self->thread == g_thread_self ();
}

/**
 * peal_loop_thread_post:
 * @func: what to run on the loop thread
 * @data: its argument
 * @destroy: (nullable): frees @data, also when the post is dropped
 *
 * Returns at once; posts run in order. Any thread, any lock held.
 */
void
peal_loop_thread_post (PealLoopThread *self, PealLoopFunc func, gpointer data,
    GDestroyNotify destroy)
{
  Post *post = g_new0 (Post, 1);

  post->func = func;
  post->data = data;
  post->destroy = destroy;
  /* The source's destroy function frees a post that was not accepted, too. */
  attach (self, run_post, post, free_post);
}

/**
 * peal_loop_thread_call:
 * @func: what to run on the loop thread
 * @data: its argument, which stays the caller's
 *
 * Runs @func on the loop thread and waits for it; on that thread itself, runs
 * it at once. The caller must hold no lock that @func or anything before it
 * in the queue may want.
 */
void
peal_loop_thread_call (PealLoopThread *self, PealLoopFunc func, gpointer data)
{
  Call call = { .func = func, .data = data };

  if (peal_loop_thread_is_current (self)) {
    func (data);
    return;
  }

  g_mutex_init (&call.lock);
  g_cond_init (&call.cond);
  attach (self, run_call, &call, finish_call);
  g_mutex_lock (&call.lock);
  while (!call.is_done)
    g_cond_wait (&call.cond, &call.lock);
  g_mutex_unlock (&call.lock);
  g_mutex_clear (&call.lock);
  g_cond_clear (&call.cond);
}
