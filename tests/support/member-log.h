/*
 * What a member's bus and its pealbin's signals said, for tests to ask about.
 *
 * The bus is read on a thread of its own, as an application does; questions
 * may be asked on any thread.
 */
#pragma once

#include <gst/gst.h>

G_BEGIN_DECLS

typedef struct _MemberLog MemberLog;

MemberLog *
member_log_new (GstElement *pipeline, GstElement *call);
void
member_log_free (MemberLog *self);
void
member_log_forget (MemberLog *self);

guint
member_log_count (MemberLog *self, const gchar *name, va_list conditions);
guint
member_log_count_signals (MemberLog *self, const gchar *name);
const gchar *
member_log_last_field (MemberLog *self, const gchar *event, const gchar *of,
    const gchar *value, const gchar *field);
guint
member_log_count_errors (MemberLog *self);
const gchar *
member_log_get_error (MemberLog *self);
gboolean
member_log_is_at_end (MemberLog *self);

G_END_DECLS
