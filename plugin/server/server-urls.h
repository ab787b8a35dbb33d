/*
 * The URLs by which a server can be reached.
 */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

GStrv
peal_server_urls_list (
    const gchar *scheme, GInetAddress *address, guint port, const gchar *room);
gchar *
peal_server_urls_local (
    const gchar *scheme, GInetAddress *address, guint port, const gchar *room);

G_END_DECLS
