/*
 * A dialect chosen by the first frame, or by its absence. See
 * choice-dialect.h. From then on everything passes through: what the chosen
 * one says, says this one. Who must be told something before the choice is
 * told in the words of those that say nothing. Pure.
 */
#include "wire/choice-dialect.h"

struct _PealChoiceDialect {
  PealDialect parent;
  const PealServerContext *context;
  PealDialectChoose choose;
  gint64 limit_us; /* from the opening; G_MAXINT64: none */
  gint64 deadline_us;
  PealDialect *chosen; /* NULL: not yet */
};

G_DEFINE_FINAL_TYPE (PealChoiceDialect, peal_choice_dialect, PEAL_TYPE_DIALECT)

static void
on_frame (gpointer data, const gchar *text)
{
  peal_dialect_put_frame (data, text);
}

static void
on_message (gpointer data, PealMessage *message)
{
  peal_dialect_say (data, message);
}

static void
on_end (gpointer data, guint code, const gchar *reason)
{
  peal_dialect_end (data, code, reason);
}

static const PealDialectSink sink = { on_frame, on_message, on_end };

static void
decide (PealChoiceDialect *self, const gchar *text, gsize length, gint64 now_us)
{
  PealServerDialectNew make = self->choose (text, length);

  self->chosen = make (self->context);
  peal_dialect_set_sink (self->chosen, &sink, self);
  peal_dialect_open (self->chosen, now_us);
}

static void
open (PealDialect *dialect, gint64 now_us)
{
  PealChoiceDialect *self = PEAL_CHOICE_DIALECT (dialect);

  self->deadline_us =
      self->limit_us == G_MAXINT64 ? G_MAXINT64 : now_us + self->limit_us;
}

static void
receive (PealDialect *dialect, const gchar *text, gsize length, gint64 now_us)
{
  PealChoiceDialect *self = PEAL_CHOICE_DIALECT (dialect);

  if (!self->chosen)
    decide (self, text, length, now_us);
  peal_dialect_receive (self->chosen, text, length, now_us);
}

static gboolean
send (PealDialect *dialect, PealMessage *message, gint64 now_us, GError **error)
{
  PealChoiceDialect *self = PEAL_CHOICE_DIALECT (dialect);

  if (!self->chosen)
    decide (self, NULL, 0, now_us);
  return peal_dialect_send (self->chosen, message, now_us, error);
}

static gint64
tick (PealDialect *dialect, gint64 now_us)
{
  PealChoiceDialect *self = PEAL_CHOICE_DIALECT (dialect);

  if (!self->chosen && now_us < self->deadline_us)
    return self->deadline_us;
  if (!self->chosen)
    decide (self, NULL, 0, now_us);
  return peal_dialect_tick (self->chosen, now_us);
}

static void
finalize (GObject *object)
{
  PealChoiceDialect *self = PEAL_CHOICE_DIALECT (object);

  if (self->chosen)
    peal_dialect_set_sink (self->chosen, NULL, NULL);
  g_clear_object (&self->chosen);
  G_OBJECT_CLASS (peal_choice_dialect_parent_class)->finalize (object);
}

static void
peal_choice_dialect_class_init (PealChoiceDialectClass *class)
{
  PealDialectClass *dialect_class = PEAL_DIALECT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = finalize;
  dialect_class->open = open;
  dialect_class->receive = receive;
  dialect_class->send = send;
  dialect_class->tick = tick;
}

static void
peal_choice_dialect_init (PealChoiceDialect *self)
{
}

/**
 * peal_choice_dialect_new:
 * @context: (transfer none): for the chosen one; outlives this
 * @choose: told the first frame, or, after @limit_us without one, NULL
 * @limit_us: microseconds after the opening, or G_MAXINT64
 */
PealDialect *
peal_choice_dialect_new (
    const PealServerContext *context, PealDialectChoose choose, gint64 limit_us)
{
  PealChoiceDialect *self = g_object_new (PEAL_TYPE_CHOICE_DIALECT, NULL);

  self->context = context;
  self->choose = choose;
  self->limit_us = limit_us;
  self->deadline_us = G_MAXINT64;
  return PEAL_DIALECT (self);
}
