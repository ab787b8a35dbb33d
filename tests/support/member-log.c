/*
 * A member's bus and signals. See member-log.h.
 *
 * Lock: `lock` guards the arrays and counts; `is_over` is atomic.
 */
#include "member-log.h"

/* Chosen: TAP readers want lines; a message may have 64 KiB. */
#define MAX_LOGGED_BYTES 400

#define POP_TIME (20 * GST_MSECOND)

struct _MemberLog {
  GstElement *pipeline;
  GstElement *call;
  GstBus *bus;
  GThread *thread;
  gint is_over;

  GMutex lock;
  GPtrArray *events;  /* of GstStructure */
  GPtrArray *signals; /* of names */
  GPtrArray *errors;  /* of texts */
  gboolean is_at_end;
};

static void
take_error (MemberLog *self, GstMessage *message)
{
  g_autoptr (GError) error = NULL;
  g_autofree gchar *debug = NULL;

  gst_message_parse_error (message, &error, &debug);
  g_test_message ("%s says: %s (%s)", GST_MESSAGE_SRC_NAME (message),
      error->message, debug ? debug : "");
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->errors, g_strdup (error->message));
  g_mutex_unlock (&self->lock);
}

static void
take_event (MemberLog *self, GstMessage *message)
{
  const GstStructure *event = gst_message_get_structure (message);
  g_autofree gchar *text = gst_structure_to_string (event);

  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->call))
    return;
  g_test_message (
      "%s: %.*s", GST_OBJECT_NAME (self->pipeline), MAX_LOGGED_BYTES, text);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->events, gst_structure_copy (event));
  g_mutex_unlock (&self->lock);
}

/* Kept as an event `warning` with its text. */
static void
take_warning (MemberLog *self, GstMessage *message)
{
  g_autoptr (GError) reason = NULL;

  if (GST_MESSAGE_SRC (message) != GST_OBJECT (self->call))
    return;
  gst_message_parse_warning (message, &reason, NULL);
  g_test_message ("warning: %s", reason->message);
  g_mutex_lock (&self->lock);
  g_ptr_array_add (self->events,
      gst_structure_new (
          "warning", "text", G_TYPE_STRING, reason->message, NULL));
  g_mutex_unlock (&self->lock);
}

static void
take_message (MemberLog *self, GstMessage *message)
{
  switch (GST_MESSAGE_TYPE (message)) {
    case GST_MESSAGE_LATENCY:
      gst_bin_recalculate_latency (GST_BIN (self->pipeline));
      break;
    case GST_MESSAGE_ERROR:
      take_error (self, message);
      break;
    case GST_MESSAGE_ELEMENT:
      take_event (self, message);
      break;
    case GST_MESSAGE_WARNING:
      take_warning (self, message);
      break;
    case GST_MESSAGE_EOS:
      g_mutex_lock (&self->lock);
      self->is_at_end = TRUE;
      g_mutex_unlock (&self->lock);
      break;
    default:
      break;
  }
}

static gpointer
read_bus (gpointer data)
{
  MemberLog *self = data;

  while (!g_atomic_int_get (&self->is_over)) {
    g_autoptr (GstMessage) message = gst_bus_timed_pop (self->bus, POP_TIME);

    if (message)
      take_message (self, message);
  }

  return NULL;
}

/* Any signal: only its name is kept, its words are on the bus as well. */
static void
take_signal (GClosure *closure, GValue *result, guint count,
    const GValue *arguments, gpointer hint, gpointer marshal_data)
{
  MemberLog *self = closure->data;
  GSignalInvocationHint *invocation = hint;

  g_mutex_lock (&self->lock);
  g_ptr_array_add (
      self->signals, g_strdup (g_signal_name (invocation->signal_id)));
  g_mutex_unlock (&self->lock);
}

static void
connect_signals (MemberLog *self)
{
  static const gchar *const names[] = { "signalling-state", "peer-joined",
    "peer-state", "track-added", "track-removed", "peer-left", "message" };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++) {
    GClosure *closure = g_closure_new_simple (sizeof (GClosure), self);

    g_closure_set_marshal (closure, take_signal);
    g_signal_connect_closure (self->call, names[i], closure, FALSE);
  }
}

static void
free_structure (gpointer data)
{
  gst_structure_free (data);
}

/**
 * member_log_new:
 * @call: its pealbin
 */
MemberLog *
member_log_new (GstElement *pipeline, GstElement *call)
{
  MemberLog *self = g_new0 (MemberLog, 1);

  self->pipeline = gst_object_ref (pipeline);
  self->call = gst_object_ref (call);
  self->bus = gst_element_get_bus (pipeline);
  g_mutex_init (&self->lock);
  self->events = g_ptr_array_new_with_free_func (free_structure);
  self->signals = g_ptr_array_new_with_free_func (g_free);
  self->errors = g_ptr_array_new_with_free_func (g_free);
  connect_signals (self);
  self->thread = g_thread_new ("bus", read_bus, self);

  return self;
}

/**
 * member_log_free:
 *
 * The pipeline is in NULL state.
 */
void
member_log_free (MemberLog *self)
{
  g_atomic_int_set (&self->is_over, TRUE);
  g_thread_join (self->thread);
  g_ptr_array_unref (self->events);
  g_ptr_array_unref (self->signals);
  g_ptr_array_unref (self->errors);
  gst_object_unref (self->bus);
  gst_object_unref (self->call);
  gst_object_unref (self->pipeline);
  g_mutex_clear (&self->lock);
  g_free (self);
}

/**
 * member_log_forget:
 *
 * Begins again with nothing said.
 */
void
member_log_forget (MemberLog *self)
{
  g_mutex_lock (&self->lock);
  g_ptr_array_set_size (self->events, 0);
  g_ptr_array_set_size (self->signals, 0);
  g_ptr_array_set_size (self->errors, 0);
  self->is_at_end = FALSE;
  g_mutex_unlock (&self->lock);
}

static gboolean
matches (const GstStructure *event, const gchar *name, va_list conditions)
{
  const gchar *field;
  gboolean is_match = gst_structure_has_name (event, name);
  va_list rest;

  va_copy (rest, conditions);
  while (is_match && (field = va_arg (rest, const gchar *)))
    is_match = g_strcmp0 (gst_structure_get_string (event, field),
                   va_arg (rest, const gchar *)) == 0;
  va_end (rest);

  return is_match;
}

/**
 * member_log_count:
 * @conditions: fields and their values, up to NULL
 *
 * Returns: how many element messages of @name there were that have them all
 */
guint
member_log_count (MemberLog *self, const gchar *name, va_list conditions)
{
  guint count = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->events->len; i++)
    if (matches (g_ptr_array_index (self->events, i), name, conditions))
      count++;
  g_mutex_unlock (&self->lock);

  return count;
}

guint
member_log_count_signals (MemberLog *self, const gchar *name)
{
  guint count = 0;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->signals->len; i++)
    if (g_str_equal (g_ptr_array_index (self->signals, i), name))
      count++;
  g_mutex_unlock (&self->lock);

  return count;
}

/**
 * member_log_last_field:
 * @of: (nullable): a field that must have @value
 *
 * Returns: (transfer none) (nullable): @field of the last such message, for
 *   ever
 */
const gchar *
member_log_last_field (MemberLog *self, const gchar *event, const gchar *of,
    const gchar *value, const gchar *field)
{
  const gchar *found = NULL;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->events->len; i++) {
    const GstStructure *said = g_ptr_array_index (self->events, i);

    if (gst_structure_has_name (said, event) &&
        (!of || g_strcmp0 (gst_structure_get_string (said, of), value) == 0))
      found = g_intern_string (gst_structure_get_string (said, field));
  }
  g_mutex_unlock (&self->lock);

  return found;
}

guint
member_log_count_errors (MemberLog *self)
{
  guint count;

  g_mutex_lock (&self->lock);
  count = self->errors->len;
  g_mutex_unlock (&self->lock);

  return count;
}

/**
 * member_log_get_error:
 *
 * Returns: (transfer none) (nullable): the text of the first one, for ever
 */
const gchar *
member_log_get_error (MemberLog *self)
{
  const gchar *text = NULL;

  g_mutex_lock (&self->lock);
  if (self->errors->len > 0)
    text = g_intern_string (g_ptr_array_index (self->errors, 0));
  g_mutex_unlock (&self->lock);

  return text;
}

gboolean
member_log_is_at_end (MemberLog *self)
{
  gboolean is_at_end;

  g_mutex_lock (&self->lock);
  is_at_end = self->is_at_end;
  g_mutex_unlock (&self->lock);

  return is_at_end;
}
