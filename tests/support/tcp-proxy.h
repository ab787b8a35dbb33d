/*
 * A TCP proxy on loopback whose connections a test can cut, as a broken
 * network would. Belongs to the thread-default main context of its maker.
 */
#pragma once

#include <gio/gio.h>

typedef struct _TcpProxy TcpProxy;

TcpProxy *
tcp_proxy_new (guint target_port);
guint
tcp_proxy_get_port (TcpProxy *self);
void
tcp_proxy_cut (TcpProxy *self);
void
tcp_proxy_free (TcpProxy *self);
