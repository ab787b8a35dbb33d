/*
 * The sockets of the crowd, and WebSocket framing just as far as it needs it.
 * See load.h. Called by load.c; calls load-words.c.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

/* RFC 6455 section 5.2 */
#define OPCODE_TEXT 1
#define OPCODE_CLOSE 8
#define OPCODE_PING 9
#define OPCODE_PONG 10
#define SHORT_LENGTH 126
#define MASK_BYTES 4

static const gchar mask[MASK_BYTES] = { 0x37, 0x5a, 0x21, 0x6d };

static gchar scratch[LOAD_SCRATCH_BYTES];

static void
die (const gchar *what)
{
  fprintf (stderr, "%s: %s\n", what, strerror (errno));
  exit (1);
}

/**
 * load_member_frame:
 * @frame: (out): at least 8 bytes more than the text
 * @length: at most 64 KiB
 *
 * Returns: the size of the frame, as a client writes it
 */
gsize
load_member_frame (gchar *frame, guint opcode, const gchar *text, gsize length)
{
  gsize at = 2;

  frame[0] = (gchar)(0x80 | opcode);
  if (length < SHORT_LENGTH) {
    frame[1] = (gchar)(0x80 | length);
  } else {
    frame[1] = (gchar)(0x80 | SHORT_LENGTH);
    frame[at++] = (gchar)(length >> 8);
    frame[at++] = (gchar)length;
  }
  memcpy (frame + at, mask, MASK_BYTES);
  at += MASK_BYTES;
  for (gsize i = 0; i < length; i++)
    frame[at + i] = text[i] ^ mask[i % MASK_BYTES];
  return at + length;
}

/**
 * load_member_write:
 *
 * Waits until everything is with the kernel.
 */
void
load_member_write (LoadMember *member, const gchar *bytes, gsize length)
{
  while (length > 0) {
    ssize_t n = send (member->fd, bytes, length, MSG_NOSIGNAL);

    if (n > 0) {
      bytes += n;
      length -= n;
    } else if (errno == EAGAIN) {
      struct pollfd writable = { member->fd, POLLOUT, 0 };

      poll (&writable, 1, -1);
    } else {
      die ("send");
    }
  }
}

/**
 * load_member_connect:
 *
 * Connects, which loopback does at once, and asks for the handshake.
 */
void
load_member_connect (LoadMember *member)
{
  struct sockaddr_in address = { .sin_family = AF_INET,
    .sin_port = htons (load_crowd.port),
    .sin_addr = { htonl (INADDR_LOOPBACK) } };
  struct epoll_event event = { .events = EPOLLIN, .data = { member } };
  gchar request[512];
  int on = 1;

  member->fd = socket (AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (member->fd < 0)
    die ("socket");
  if (connect (member->fd, (struct sockaddr *)&address, sizeof address) != 0)
    die ("connect");
  fcntl (member->fd, F_SETFL, O_NONBLOCK);
  setsockopt (member->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  epoll_ctl (load_crowd.epoll, EPOLL_CTL_ADD, member->fd, &event);
  load_member_write (
      member, request, load_words_handshake (request, sizeof request));
}

static void
take_frame (LoadMember *member, guint opcode, gchar *text, gsize length)
{
  gchar pong[256];

  if (opcode == OPCODE_TEXT) {
    load_words_hear (member, text, length);
  } else if (opcode == OPCODE_PING && length < SHORT_LENGTH) {
    load_member_write (
        member, pong, load_member_frame (pong, OPCODE_PONG, text, length));
  } else if (opcode == OPCODE_CLOSE) {
    fprintf (stderr, "closed by the server\n");
    exit (1);
  }
}

/* Returns: how many bytes the frame at @bytes has, 0 if they are not all
 * there */
static gsize
take_next (LoadMember *member, gchar *bytes, gsize length)
{
  const guchar *head = (const guchar *)bytes;
  gsize head_bytes = 2;
  gsize text_bytes;

  if (length < 2 || (head[1] == SHORT_LENGTH && length < 4))
    return 0;
  text_bytes = head[1];
  if (text_bytes == SHORT_LENGTH) {
    text_bytes = head[2] << 8 | head[3];
    head_bytes = 4;
  }
  if (length < head_bytes + text_bytes)
    return 0;
  take_frame (member, head[0] & 15, bytes + head_bytes, text_bytes);
  return head_bytes + text_bytes;
}

/* Returns: how much of @bytes was the end of the HTTP answer; 0: not all */
static gsize
take_answer (LoadMember *member, gchar *bytes, gsize length)
{
  const gchar *end = memmem (bytes, length, "\r\n\r\n", 4);
  gchar join[512];

  if (!end)
    return 0;
  if (length < 12 || memcmp (bytes, "HTTP/1.1 101", 12) != 0) {
    fprintf (stderr, "no WebSocket: %.*s\n", (int)length, bytes);
    exit (1);
  }
  member->step = LOAD_OPENING;
  if (load_crowd.dialect == LOAD_ROOMS) {
    member->step = LOAD_JOINING;
    load_member_write (member, join, load_words_join (join, member));
  }
  return end + 4 - bytes;
}

static void
keep_rest (LoadMember *member, const gchar *bytes, gsize length)
{
  g_clear_pointer (&member->rest, g_byte_array_unref);
  if (length == 0)
    return;
  member->rest = g_byte_array_new ();
  g_byte_array_append (member->rest, (const guint8 *)bytes, length);
}

/**
 * load_member_read:
 *
 * Takes what has come, once.
 */
void
load_member_read (LoadMember *member)
{
  gsize kept = member->rest ? member->rest->len : 0;
  gsize at = 0;
  gsize length, n;
  ssize_t got;

  if (kept > 0)
    memcpy (scratch, member->rest->data, kept);
  got = recv (member->fd, scratch + kept, sizeof scratch - kept, 0);
  if (got == 0 || (got < 0 && errno != EAGAIN))
    die ("the server closed");
  length = kept + MAX (got, 0);
  do {
    n = member->step == LOAD_SHAKING
        ? take_answer (member, scratch + at, length - at)
        : take_next (member, scratch + at, length - at);
    at += n;
  } while (n > 0);
  keep_rest (member, scratch + at, length - at);
}
