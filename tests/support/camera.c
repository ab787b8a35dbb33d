/*
 * A camera without a kernel that has one: /dev/video0, as udev shows it and as
 * a UVC camera's driver answers, for the programs that run with
 * libumockdev-preload and the UMOCKDEV_DIR which this prints. All above the
 * system calls is real there: udev's library, GStreamer's device provider and
 * v4l2src. Who sets the format holds the camera until it closes the device,
 * and S_FMT of everybody else fails with EBUSY, as in the kernel's
 * uvc_v4l2.c (uvc_acquire_privileges). Its pictures are red; they are read,
 * not mapped, 25 in a second.
 *
 *    program -- open, ioctl, read --> libumockdev-preload -- socket --> this
 *
 * Events, as JSON lines: camera (with `folder`), held. A signal ends it.
 */
#include <errno.h>
#include <glib-unix.h>
#include <linux/videodev2.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <umockdev.h>
#include <unistd.h>

#define NODE "/dev/video0"
#define WIDTH 320
#define HEIGHT 180
#define FPS 25

static const gchar description[] = "P: /devices/camera/video4linux/video0\n"
                                   "N: video0\n"
                                   "E: DEVNAME=" NODE "\n"
                                   "E: SUBSYSTEM=video4linux\n"
                                   "E: ID_V4L_VERSION=2\n"
                                   "E: ID_V4L_PRODUCT=Red wall\n"
                                   "E: ID_V4L_CAPABILITIES=:capture:\n"
                                   "E: MAJOR=81\n"
                                   "E: MINOR=0\n"
                                   "A: dev=81:0\n"
                                   "A: name=Red wall\n"
                                   "A: index=0\n";

/* umockdev's worker thread has these. */
static UMockdevIoctlClient *holder;
static guchar picture[WIDTH * HEIGHT * 2];

static gint
describe_device (gpointer data)
{
  struct v4l2_capability *device = data;

  memset (device, 0, sizeof *device);
  g_strlcpy ((gchar *)device->driver, "uvcvideo", sizeof device->driver);
  g_strlcpy ((gchar *)device->card, "Red wall", sizeof device->card);
  device->device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_READWRITE;
  device->capabilities = device->device_caps | V4L2_CAP_DEVICE_CAPS;
  return 0;
}

static gint
describe_input (gpointer data)
{
  struct v4l2_input *input = data;

  if (input->index > 0)
    return EINVAL;
  g_strlcpy ((gchar *)input->name, "Camera 1", sizeof input->name);
  input->type = V4L2_INPUT_TYPE_CAMERA;
  return 0;
}

static gint
tell_input (gpointer data)
{
  *(gint *)data = 0;
  return 0;
}

static gint
describe_format (gpointer data)
{
  struct v4l2_fmtdesc *format = data;

  if (format->index > 0 || format->type != V4L2_BUF_TYPE_VIDEO_CAPTURE)
    return EINVAL;
  format->pixelformat = V4L2_PIX_FMT_YUYV;
  return 0;
}

static gint
describe_size (gpointer data)
{
  struct v4l2_frmsizeenum *size = data;

  if (size->index > 0)
    return EINVAL;
  size->type = V4L2_FRMSIZE_TYPE_DISCRETE;
  size->discrete.width = WIDTH;
  size->discrete.height = HEIGHT;
  return 0;
}

static gint
describe_rate (gpointer data)
{
  struct v4l2_frmivalenum *rate = data;

  if (rate->index > 0)
    return EINVAL;
  rate->type = V4L2_FRMIVAL_TYPE_DISCRETE;
  rate->discrete.numerator = 1;
  rate->discrete.denominator = FPS;
  return 0;
}

static gint
tell_format (gpointer data)
{
  struct v4l2_format *format = data;

  format->fmt.pix.width = WIDTH;
  format->fmt.pix.height = HEIGHT;
  format->fmt.pix.pixelformat = V4L2_PIX_FMT_YUYV;
  format->fmt.pix.field = V4L2_FIELD_NONE;
  format->fmt.pix.bytesperline = WIDTH * 2;
  format->fmt.pix.sizeimage = sizeof picture;
  format->fmt.pix.colorspace = V4L2_COLORSPACE_SRGB;
  return 0;
}

static gint
tell_rate (gpointer data)
{
  struct v4l2_streamparm *parameters = data;
  struct v4l2_captureparm *capture = &parameters->parm.capture;

  capture->capability = V4L2_CAP_TIMEPERFRAME;
  capture->timeperframe.numerator = 1;
  capture->timeperframe.denominator = FPS;
  return 0;
}

static const struct {
  gulong request;
  gint (*answer) (gpointer data); /* 0 or errno */
} answers[] = {
  { VIDIOC_QUERYCAP, describe_device },
  { VIDIOC_ENUMINPUT, describe_input },
  { VIDIOC_G_INPUT, tell_input },
  { VIDIOC_ENUM_FMT, describe_format },
  { VIDIOC_ENUM_FRAMESIZES, describe_size },
  { VIDIOC_ENUM_FRAMEINTERVALS, describe_rate },
  { VIDIOC_G_FMT, tell_format },
  { VIDIOC_TRY_FMT, tell_format },
  { VIDIOC_S_FMT, tell_format },
  { VIDIOC_G_PARM, tell_rate },
  { VIDIOC_S_PARM, tell_rate },
};

static void
tell (const gchar *event)
{
  printf ("{\"event\":\"%s\"}\n", event);
  fflush (stdout);
}

/* Whether @client has the camera now. */
static gboolean
hold (UMockdevIoctlClient *client)
{
  if (holder == client)
    return TRUE;
  if (holder && umockdev_ioctl_client_get_connected (holder))
    return FALSE;
  g_set_object (&holder, client);
  tell ("held");
  return TRUE;
}

static gint
answer (UMockdevIoctlClient *client, gulong request, gpointer data)
{
  if (request == VIDIOC_S_FMT && !hold (client))
    return EBUSY;
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    if (answers[i].request == request)
      return answers[i].answer (data);
  return request == VIDIOC_QUERYCTRL ? EINVAL : ENOTTY;
}

static gboolean
on_ioctl (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
  gulong request = umockdev_ioctl_client_get_request (client);
  guint size = _IOC_SIZE (request);
  UMockdevIoctlData *memory = umockdev_ioctl_data_resolve (
      umockdev_ioctl_client_get_arg (client), 0, size, NULL);
  g_autofree guchar *copy = memory ? g_memdup2 (memory->data, size) : NULL;
  gint fault = copy ? answer (client, request, copy) : EFAULT;

  if (!fault)
    umockdev_ioctl_data_update (memory, 0, copy, size);
  umockdev_ioctl_client_complete (client, fault ? -1 : 0, fault);
  return TRUE;
}

static gboolean
on_picture_due (gpointer data)
{
  UMockdevIoctlClient *client = data;

  umockdev_ioctl_data_update (
      umockdev_ioctl_client_get_arg (client), 0, picture, sizeof picture);
  umockdev_ioctl_client_complete (client, sizeof picture, 0);
  return G_SOURCE_REMOVE;
}

static gboolean
on_read (UMockdevIoctlBase *base, UMockdevIoctlClient *client, gpointer data)
{
  UMockdevIoctlData *memory = umockdev_ioctl_client_get_arg (client);
  g_autoptr (GSource) timer = g_timeout_source_new (1000 / FPS);

  if (memory->data_len < (gssize)sizeof picture)
    return FALSE;
  g_source_set_callback (
      timer, on_picture_due, g_object_ref (client), g_object_unref);
  g_source_attach (timer, g_main_context_get_thread_default ());
  return TRUE;
}

static void
paint_red (void)
{
  static const guchar red[] = { 81, 90, 81, 240 };

  for (guint i = 0; i < sizeof picture; i++)
    picture[i] = red[i % sizeof red];
}

/* The device is the slave of a terminal: while that has something to read,
 * poll() says that a picture is there. Nobody reads it: on_read() answers. */
static void
be_readable (UMockdevTestbed *testbed)
{
  gint fd = umockdev_testbed_get_dev_fd (testbed, NODE);

  g_assert_cmpint (write (fd, "\n", 1), ==, 1);
}

static gboolean
on_signal (gpointer data)
{
  g_main_loop_quit (data);
  return G_SOURCE_CONTINUE;
}

int
main (int argc, char **argv)
{
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (UMockdevTestbed) testbed = umockdev_testbed_new ();
  g_autoptr (UMockdevIoctlBase) base = umockdev_ioctl_base_new ();
  g_autoptr (GError) error = NULL;

  paint_red ();
  g_signal_connect (base, "handle-ioctl", G_CALLBACK (on_ioctl), NULL);
  g_signal_connect (base, "handle-read", G_CALLBACK (on_read), NULL);
  umockdev_testbed_add_from_string (testbed, description, &error);
  g_assert_no_error (error);
  umockdev_testbed_attach_ioctl (testbed, NODE, base, &error);
  g_assert_no_error (error);
  be_readable (testbed);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  printf (
      "{\"event\":\"camera\",\"folder\":\"%s\"}\n", g_getenv ("UMOCKDEV_DIR"));
  fflush (stdout);
  g_main_loop_run (loop);
  umockdev_testbed_detach_ioctl (testbed, NODE, NULL);
  return 0;
}
