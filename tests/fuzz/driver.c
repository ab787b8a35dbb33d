/*
 * Runs a fuzz target for a while without libFuzzer: every seed, then seeds
 * with something changed, from a fixed beginning.
 *
 *   fuzz-NAME                      for PEAL_FUZZ_SECONDS (30), as a TAP test
 *   fuzz-NAME --write-seeds DIR    a file for each seed, for libFuzzer
 *   fuzz-NAME FILE                 that input only: to see a fault again
 *
 * The seconds are of processor time, because ./dev check lets this run only
 * while nothing else does. The input of a fault stands in fuzz-NAME.crash in
 * the working directory.
 */
#include "fuzz.h"

#include <fcntl.h>
#include <gst/gst.h>
#include <json-glib/json-glib.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define DEFAULT_SECONDS 30
#define MAX_BYTES 8192
#define MAX_CHANGES 6

static GPtrArray *seeds; /* of GBytes */
/* What a signal handler may read. */
static const guint8 *current;
static gsize current_size;
static gchar crash_path[256];

/* ---- seeds ---- */

static void
add_seed (const gchar *text)
{
  g_ptr_array_add (seeds, g_bytes_new (text, strlen (text)));
}

static void
add_vector (JsonObject *vector)
{
  static const gchar *const members[] = { "text", "frame", "sdp", "body" };

  for (guint i = 0; i < G_N_ELEMENTS (members); i++) {
    JsonNode *node = json_object_get_member (vector, members[i]);
    g_autofree gchar *text = NULL;

    if (!node)
      continue;
    text = JSON_NODE_HOLDS_VALUE (node) ? json_node_dup_string (node)
                                        : json_to_string (node, FALSE);
    if (text)
      add_seed (text);
  }
}

static void
add_vectors (const gchar *file)
{
  g_autofree gchar *path = g_build_filename (
      g_getenv ("PEAL_SOURCE_ROOT"), "tests", "vectors", file, NULL);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  JsonArray *array;

  if (!json_parser_load_from_file (parser, path, &error))
    g_error ("%s", error->message);
  array = json_node_get_array (json_parser_get_root (parser));
  for (guint i = 0; i < json_array_get_length (array); i++)
    add_vector (json_array_get_object_element (array, i));
}

static void
load_seeds (void)
{
  seeds = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  for (guint i = 0; fuzz_vectors[i]; i++)
    add_vectors (fuzz_vectors[i]);
  for (guint i = 0; fuzz_texts[i]; i++)
    add_seed (fuzz_texts[i]);
  g_assert_cmpuint (seeds->len, >, 0);
}

static void
write_seeds (const gchar *directory)
{
  for (guint i = 0; i < seeds->len; i++) {
    g_autofree gchar *path = g_strdup_printf ("%s/seed-%u", directory, i);
    gsize size;
    const gchar *data = g_bytes_get_data (seeds->pdata[i], &size);

    if (!g_file_set_contents (path, data ? data : "", (gssize)size, NULL))
      g_error ("cannot write %s", path);
  }
}

/* ---- changing ---- */

static gsize
pick (GRand *rand, gsize end)
{
  return end ? (gsize)g_rand_int_range (rand, 0, (gint32)end) : 0;
}

static void
insert_token (GRand *rand, GByteArray *input)
{
  static const gchar *const tokens[] = { "{", "}", "[", "]", "\"", ":", ",",
    "null", "true", "-1", "1e999", "\\u0000", "\\ud800", "\r\n", " ", "\x1e",
    "\xff", "9999999999", "%", "../", "\n", "\n=" };
  const gchar *token = tokens[pick (rand, G_N_ELEMENTS (tokens))];
  gsize at = pick (rand, input->len + 1);
  g_autofree guint8 *tail = g_memdup2 (input->data + at, input->len - at);
  gsize tail_size = input->len - at;

  g_byte_array_set_size (input, (guint)at);
  g_byte_array_append (input, (const guint8 *)token, (guint)strlen (token));
  if (tail)
    g_byte_array_append (input, tail, (guint)tail_size);
}

static void
copy_range (GRand *rand, GByteArray *input, const guint8 *from, gsize size)
{
  gsize start = pick (rand, size);
  gsize length = pick (rand, size - start + 1);
  g_autofree guint8 *copy = g_memdup2 (from + start, length);

  if (copy)
    g_byte_array_append (input, copy, (guint)length);
}

static void
change (GRand *rand, GByteArray *input)
{
  gsize at = pick (rand, input->len);
  gsize size;
  const guint8 *other =
      g_bytes_get_data (seeds->pdata[pick (rand, seeds->len)], &size);

  switch (g_rand_int_range (rand, 0, 6)) {
    case 0:
      insert_token (rand, input);
      break;
    case 1:
      copy_range (rand, input, other, size);
      break;
    case 2:
      copy_range (rand, input, input->data, input->len);
      break;
    case 3:
      if (input->len)
        g_byte_array_remove_range (
            input, (guint)at, (guint)pick (rand, input->len - at) + 1);
      break;
    case 4:
      g_byte_array_set_size (input, (guint)at);
      break;
    default:
      if (input->len)
        input->data[at] = (guint8)g_rand_int_range (rand, 0, 256);
      break;
  }
}

/* ---- running ---- */

static void
on_fault (int number)
{
  int file = open (crash_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);

  if (file >= 0 && write (file, current, current_size) >= 0)
    close (file);
  signal (number, SIG_DFL);
  raise (number);
}

static void
run_one (const guint8 *data, gsize size)
{
  /* A copy of just these bytes, so that a sanitizer sees a read beyond. */
  g_autofree guint8 *copy = g_malloc (MAX (size, 1));

  if (size)
    memcpy (copy, data, size);
  current = copy;
  current_size = size;
  LLVMFuzzerTestOneInput (copy, size);
  current_size = 0;
}

static gboolean
has_used (guint seconds)
{
  struct timespec used;

  clock_gettime (CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec >= (time_t)seconds;
}

static guint64
run_for (guint seconds)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (1);
  g_autoptr (GByteArray) input = g_byte_array_new ();
  guint64 n = 0;

  for (; n < seeds->len; n++) {
    gsize size;
    const guint8 *data = g_bytes_get_data (seeds->pdata[n], &size);

    run_one (data, size);
  }
  for (; !has_used (seconds); n++) {
    gsize size;
    const guint8 *data =
        g_bytes_get_data (seeds->pdata[pick (rand, seeds->len)], &size);

    g_byte_array_set_size (input, 0);
    if (data)
      g_byte_array_append (input, data, (guint)size);
    for (gint i = g_rand_int_range (rand, 1, MAX_CHANGES); i > 0; i--)
      change (rand, input);
    run_one (input->data, MIN (input->len, MAX_BYTES));
  }
  return n;
}

static void
run_file (const gchar *path)
{
  g_autofree gchar *data = NULL;
  gsize size;

  if (!g_file_get_contents (path, &data, &size, NULL))
    g_error ("cannot read %s", path);
  run_one ((const guint8 *)data, size);
}

int
main (int argc, char **argv)
{
  g_autofree gchar *name = g_path_get_basename (argv[0]);
  const gchar *seconds = g_getenv ("PEAL_FUZZ_SECONDS");
  guint64 n;

  gst_init (NULL, NULL);
  g_snprintf (crash_path, sizeof crash_path, "%s.crash", name);
  load_seeds ();
  if (argc == 3 && g_str_equal (argv[1], "--write-seeds")) {
    write_seeds (argv[2]);
    return 0;
  }
  if (argc == 2) {
    run_file (argv[1]);
    return 0;
  }
  signal (SIGSEGV, on_fault);
  signal (SIGABRT, on_fault);
  signal (SIGTRAP, on_fault);
  n = run_for (
      seconds ? (guint)g_ascii_strtoull (seconds, NULL, 10) : DEFAULT_SECONDS);
  printf ("1..1\n# %" G_GUINT64_FORMAT " inputs\n"
          "ok 1 /fuzz/%s/no-input-does-harm\n",
      n, name);
  g_ptr_array_unref (seeds);
  return 0;
}
