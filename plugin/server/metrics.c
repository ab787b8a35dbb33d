/*
 * The server's counters as Prometheus text, exposition format 0.0.4. See
 * metrics.h. Pure; any thread.
 */
#include "server/metrics.h"

static void
add (GString *text, const gchar *name, const gchar *type, const gchar *help,
    guint64 value)
{
  g_string_append_printf (
      text, "# HELP peal_%s %s\n# TYPE peal_%s %s\n", name, help, name, type);
  g_string_append_printf (text, "peal_%s %" G_GUINT64_FORMAT "\n", name, value);
}

static void
add_now (const PealMetrics *self, GString *text)
{
  add (text, "connections", "gauge", "WebSocket connections now", self->n_open);
  add (text, "rooms", "gauge", "Rooms now", self->n_rooms);
  add (text, "members", "gauge", "Members of rooms now", self->n_members);
  add (text, "members_detached", "gauge",
      "Members whose connection was lost and may come back", self->n_detached);
}

static void
add_totals (const PealMetrics *self, GString *text)
{
  add (text, "connections_total", "counter", "WebSocket connections made",
      self->n_connections);
  add (text, "connections_rejected_total", "counter",
      "Connections refused by the limit per address", self->n_rejected);
  add (text, "connections_dropped_total", "counter",
      "Connections dropped because the client did not read or answer",
      self->n_dropped);
  add (text, "messages_received_total", "counter", "Messages from clients",
      self->n_messages_in);
  add (text, "messages_sent_total", "counter", "Messages to clients",
      self->n_messages_out);
  add (text, "received_bytes_total", "counter", "Bytes of messages received",
      self->n_bytes_in);
  add (text, "sent_bytes_total", "counter", "Bytes of messages sent",
      self->n_bytes_out);
  add (text, "errors_total", "counter", "Error messages sent to clients",
      self->n_errors);
}

/**
 * peal_metrics_to_text:
 *
 * Returns: (transfer full): what `/metrics` answers
 */
gchar *
peal_metrics_to_text (const PealMetrics *self)
{
  GString *text = g_string_new (NULL);

  add_now (self, text);
  add_totals (self, text);
  return g_string_free (text, FALSE);
}
