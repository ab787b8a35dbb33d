/*
 * From one RTP stream to raw and to encoded media. See receive-head.h.
 *
 *   sink ─ entry ─ depayloader ─ parser ─ split ─┬─ gate ─ decoder ─ raw
 *          (fork)                        (fork)  └─ gate ─ parser ── encoded
 *
 * The entry takes everything with success, so that no fault of ours reaches
 * the webrtcbin whose thread this is. A gate lets buffers pass while its
 * branch is wanted, for video from a key frame on. All that changes the graph
 * happens in peal_receive_head_prepare(), which its owner, the remote track,
 * calls before each packet: at that moment nothing flows behind the entry.
 *
 * `is_decoder_dead` is set on any thread (an error message) and read on the
 * streaming thread: atomic. All other fields belong to the streaming thread.
 */
#include "media/receive-head.h"

#include "base/error.h"
#include "media/decoder.h"
#include "media/factory.h"
#include "media/fork.h"

GST_DEBUG_CATEGORY_STATIC (debug_category);
#define GST_CAT_DEFAULT debug_category

/* Chosen: a stream that kills every decoder costs two starts a second. */
#define REPLACE_INTERVAL_US (500 * G_TIME_SPAN_MILLISECOND)

#define DECODER_NAME "decoder"

/* One branch of the split. */
typedef struct {
  GstPad *output; /* of the split */
  GstPad *ghost;
  gboolean is_video;
  gboolean is_wanted;
  gboolean needs_key_frame;
} Branch;

struct _PealReceiveHead {
  GstBin parent;

  const PealCodec *codec;
  GstElement *split;
  Branch raw;
  Branch encoded;
  GstElement *decoder;
  GstElement *passer; /* last element of the encoded branch */
  const PealDecoder *decoder_row;
  gint64 replaced_us;
  gboolean has_decoded; /* atomic: set where the decoder's thread may be */
  gint is_decoder_dead; /* atomic */
};

G_DEFINE_FINAL_TYPE (PealReceiveHead, peal_receive_head, GST_TYPE_BIN)

static GstPadProbeReturn
on_branch_buffer (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  Branch *branch = data;
  GstBuffer *buffer = GST_PAD_PROBE_INFO_BUFFER (info);

  if (!branch->is_wanted) {
    branch->needs_key_frame = branch->is_video;
    return GST_PAD_PROBE_DROP;
  }
  if (branch->needs_key_frame &&
      GST_BUFFER_FLAG_IS_SET (buffer, GST_BUFFER_FLAG_DELTA_UNIT))
    return GST_PAD_PROBE_DROP;

  branch->needs_key_frame = FALSE;
  return GST_PAD_PROBE_OK;
}

static GstPadProbeReturn
on_decoded (GstPad *pad, GstPadProbeInfo *info, gpointer data)
{
  g_atomic_int_set (&PEAL_RECEIVE_HEAD (data)->has_decoded, TRUE);
  return GST_PAD_PROBE_OK;
}

static void
add_branch (PealReceiveHead *self, Branch *branch, const gchar *name)
{
  branch->is_video = self->codec->kind == PEAL_MEDIA_VIDEO;
  branch->needs_key_frame = branch->is_video;
  branch->output = peal_fork_add_output (PEAL_FORK (self->split), name);
  gst_pad_add_probe (branch->output, GST_PAD_PROBE_TYPE_BUFFER,
      on_branch_buffer, branch, NULL);
  branch->ghost = gst_ghost_pad_new_no_target (name, GST_PAD_SRC);
  gst_pad_set_active (branch->ghost, TRUE);
  gst_element_add_pad (GST_ELEMENT (self), branch->ghost);
}

/* Links a new last element of a branch to the split and to the ghost pad. */
static gboolean
link_branch (PealReceiveHead *self, Branch *branch, GstElement *element)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");
  g_autoptr (GstPad) src = gst_element_get_static_pad (element, "src");

  branch->needs_key_frame = branch->is_video;
  return gst_ghost_pad_set_target (GST_GHOST_PAD (branch->ghost), src) &&
      gst_element_sync_state_with_parent (element) &&
      gst_pad_link (branch->output, sink) == GST_PAD_LINK_OK;
}

static void
unlink_branch (PealReceiveHead *self, Branch *branch, GstElement *element)
{
  g_autoptr (GstPad) sink = gst_element_get_static_pad (element, "sink");

  gst_pad_unlink (branch->output, sink);
  gst_ghost_pad_set_target (GST_GHOST_PAD (branch->ghost), NULL);
  gst_element_set_locked_state (element, TRUE);
  gst_element_set_state (element, GST_STATE_NULL);
  gst_bin_remove (GST_BIN (self), element);
}

static gboolean
start_decoder (PealReceiveHead *self, const PealDecoder *row)
{
  g_autoptr (GstPad) src = NULL;

  GST_INFO_OBJECT (self, "decoder: %s", row->description);
  self->decoder = peal_decoder_make (row, DECODER_NAME);
  self->decoder_row = row;
  g_atomic_int_set (&self->is_decoder_dead, FALSE);
  g_atomic_int_set (&self->has_decoded, FALSE);
  if (!self->decoder)
    return FALSE;

  gst_bin_add (GST_BIN (self), self->decoder);
  src = gst_element_get_static_pad (self->decoder, "src");
  gst_pad_add_probe (src, GST_PAD_PROBE_TYPE_BUFFER, on_decoded, self, NULL);
  return link_branch (self, &self->raw, self->decoder);
}

/* One that has worked gets another chance, another kind else. */
static const PealDecoder *
choose_decoder (PealReceiveHead *self)
{
  const PealDecoder *row = NULL;

  if (self->decoder_row && g_atomic_int_get (&self->has_decoded))
    return self->decoder_row;
  if (self->decoder_row)
    row = peal_decoder_next (self->codec, self->decoder_row);

  return row ? row : peal_decoder_first (self->codec);
}

static gboolean
is_failure (GstFlowReturn flow)
{
  return flow == GST_FLOW_ERROR || flow == GST_FLOW_NOT_NEGOTIATED ||
      flow == GST_FLOW_NOT_SUPPORTED || flow == GST_FLOW_EOS;
}

static gboolean
is_decoder_dead (PealReceiveHead *self)
{
  return g_atomic_int_get (&self->is_decoder_dead) ||
      is_failure (gst_pad_get_last_flow_return (self->raw.output));
}

static gboolean
is_too_soon (PealReceiveHead *self)
{
  gint64 now_us = g_get_monotonic_time ();

  if (self->replaced_us && now_us - self->replaced_us < REPLACE_INTERVAL_US)
    return TRUE;

  self->replaced_us = now_us;
  return FALSE;
}

static gboolean
prepare_raw (PealReceiveHead *self, GError **error)
{
  const PealDecoder *row;

  if (self->decoder && !is_decoder_dead (self))
    return TRUE;
  if (is_too_soon (self))
    return TRUE;
  if (self->decoder) {
    GST_WARNING_OBJECT (self, "replacing the decoder, which failed");
    unlink_branch (self, &self->raw, self->decoder);
    self->decoder = NULL;
  }
  row = choose_decoder (self);
  if (!row) {
    peal_decoder_set_missing_error (self->codec, error);
    return FALSE;
  }
  if (!start_decoder (self, row))
    g_atomic_int_set (&self->is_decoder_dead, TRUE);

  return TRUE;
}

/* A parser of its own, so that it can give the stream format and alignment
 * that the consumer wants, whatever the decoder takes. */
static gboolean
prepare_encoded (PealReceiveHead *self, GError **error)
{
  const gchar *parser = self->codec->parser ? self->codec->parser : "identity";

  if (self->passer)
    return TRUE;

  self->passer = peal_factory_make (parser, NULL, error);
  if (!self->passer)
    return FALSE;
  gst_bin_add (GST_BIN (self), self->passer);
  if (!link_branch (self, &self->encoded, self->passer))
    GST_WARNING_OBJECT (self, "cannot link %s", parser);

  return TRUE;
}

/* By name: the decoder may be replaced by the streaming thread meanwhile. */
static gboolean
is_from_decoder (PealReceiveHead *self, GstObject *source)
{
  g_autoptr (GstObject) child = gst_object_ref (source);

  while (child) {
    g_autoptr (GstObject) parent = gst_object_get_parent (child);

    if (parent == GST_OBJECT_CAST (self))
      return g_str_has_prefix (GST_OBJECT_NAME (child), DECODER_NAME);
    gst_object_replace (&child, parent);
  }
  return FALSE;
}

/* An error ends a decoder, not the stream and not the pipeline. */
static void
peal_receive_head_handle_message (GstBin *bin, GstMessage *message)
{
  PealReceiveHead *self = PEAL_RECEIVE_HEAD (bin);
  g_autoptr (GError) error = NULL;

  if (GST_MESSAGE_TYPE (message) != GST_MESSAGE_ERROR) {
    GST_BIN_CLASS (peal_receive_head_parent_class)
        ->handle_message (bin, message);
    return;
  }

  gst_message_parse_error (message, &error, NULL);
  GST_WARNING_OBJECT (self, "%s: %s", GST_MESSAGE_SRC_NAME (message),
      error ? error->message : "error");
  if (is_from_decoder (self, GST_MESSAGE_SRC (message)))
    g_atomic_int_set (&self->is_decoder_dead, TRUE);
  gst_message_unref (message);
}

static void
peal_receive_head_class_init (PealReceiveHeadClass *klass)
{
  GST_DEBUG_CATEGORY_INIT (debug_category, "peal-media-receive-head", 0,
      "from RTP to raw and encoded media");
  GST_BIN_CLASS (klass)->handle_message = peal_receive_head_handle_message;
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (klass),
      "Peal receive head", "Codec/Decoder/Bin", "From RTP to media", "Peal");
}

static void
peal_receive_head_init (PealReceiveHead *self)
{
}

/* After a loss, video waits for a whole picture and asks for one. */
static void
set_up_depayloader (GstElement *depayloader)
{
  peal_factory_apply (
      depayloader, "depay wait-for-keyframe=true request-keyframe=true");
}

static gboolean
build (PealReceiveHead *self, GError **error)
{
  GstCaps *encoded = gst_caps_from_string (self->codec->payload_caps);
  GstElement *elements[] = {
    peal_fork_new ("entry", gst_caps_from_string ("application/x-rtp")),
    peal_factory_make (self->codec->depayloader, NULL, error),
    self->codec->parser ? peal_factory_make (self->codec->parser, NULL,
                              error && !*error ? error : NULL)
                        : NULL,
    self->split = peal_fork_new ("split", encoded),
  };
  g_autoptr (GstPad) sink = gst_element_get_static_pad (elements[0], "sink");
  gboolean is_whole = elements[1] && (elements[2] || !self->codec->parser);

  peal_fork_add_output (PEAL_FORK (elements[0]), "src");
  if (elements[1])
    set_up_depayloader (elements[1]);
  if (!peal_factory_chain (GST_BIN (self), elements, G_N_ELEMENTS (elements)))
    g_warn_if_reached ();
  add_branch (self, &self->raw, "raw");
  add_branch (self, &self->encoded, "encoded");
  gst_element_add_pad (GST_ELEMENT (self), gst_ghost_pad_new ("sink", sink));

  return is_whole;
}

/**
 * peal_receive_head_new:
 * @codec: what the RTP stream carries
 * @error: %PEAL_ERROR_UNSUPPORTED when the depayloader or the parser is missing
 *
 * Returns: (transfer floating) (nullable): a head that gives nothing yet
 */
PealReceiveHead *
peal_receive_head_new (const PealCodec *codec, GError **error)
{
  PealReceiveHead *self = g_object_new (PEAL_TYPE_RECEIVE_HEAD, NULL);

  self->codec = codec;
  if (!build (self, error)) {
    gst_object_unref (gst_object_ref_sink (self));
    return NULL;
  }
  return self;
}

/**
 * peal_receive_head_prepare:
 * @wants_raw: whether `raw` is to flow
 * @wants_encoded: whether `encoded` is to flow
 * @error: %PEAL_ERROR_UNSUPPORTED when there is no decoder, or no parser
 *
 * Makes what is wanted and missing, replaces what failed, and opens or closes
 * the two branches. Called on the streaming thread before each packet.
 *
 * Returns: whether all that is wanted can be given
 */
gboolean
peal_receive_head_prepare (PealReceiveHead *self, gboolean wants_raw,
    gboolean wants_encoded, GError **error)
{
  self->raw.is_wanted = wants_raw;
  self->encoded.is_wanted = wants_encoded;
  if (wants_raw && !prepare_raw (self, error))
    return FALSE;

  return !wants_encoded || prepare_encoded (self, error);
}
