/*
 * The layout of pictures on a canvas.
 */
#include "media/grid.h"

static void
assert_cell (PealGridCell cell, guint x, guint y, guint width, guint height)
{
  g_assert_cmpuint (cell.x, ==, x);
  g_assert_cmpuint (cell.y, ==, y);
  g_assert_cmpuint (cell.width, ==, width);
  g_assert_cmpuint (cell.height, ==, height);
}

static gboolean
overlap (PealGridCell a, PealGridCell b)
{
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
      b.y < a.y + a.height;
}

static void
test_one (void)
{
  assert_cell (peal_grid_get_cell (1, 0, 1280, 720), 0, 0, 1280, 720);
}

static void
test_two (void)
{
  assert_cell (peal_grid_get_cell (2, 0, 1280, 720), 0, 0, 640, 720);
  assert_cell (peal_grid_get_cell (2, 1, 1280, 720), 640, 0, 640, 720);
}

static void
test_two_on_a_tall_canvas (void)
{
  assert_cell (peal_grid_get_cell (2, 0, 720, 1280), 0, 0, 720, 640);
  assert_cell (peal_grid_get_cell (2, 1, 720, 1280), 0, 640, 720, 640);
}

static void
test_three (void)
{
  assert_cell (peal_grid_get_cell (3, 0, 1280, 720), 0, 0, 640, 360);
  assert_cell (peal_grid_get_cell (3, 1, 1280, 720), 640, 0, 640, 360);
  assert_cell (peal_grid_get_cell (3, 2, 1280, 720), 320, 360, 640, 360);
}

static void
assert_layout_is_sound (guint count, guint width, guint height)
{
  for (guint i = 0; i < count; i++) {
    PealGridCell cell = peal_grid_get_cell (count, i, width, height);

    g_assert_cmpuint (cell.width, >, 0);
    g_assert_cmpuint (cell.height, >, 0);
    g_assert_cmpuint (cell.x + cell.width, <=, width);
    g_assert_cmpuint (cell.y + cell.height, <=, height);
    for (guint j = 0; j < i; j++)
      g_assert_false (
          overlap (cell, peal_grid_get_cell (count, j, width, height)));
  }
}

static void
test_never_overlap (void)
{
  static const guint sizes[][2] = { { 1280, 720 }, { 720, 1280 }, { 321, 241 },
    { 1920, 200 }, { 128, 128 } };

  for (guint s = 0; s < G_N_ELEMENTS (sizes); s++)
    for (guint count = 1; count <= 40; count++)
      assert_layout_is_sound (count, sizes[s][0], sizes[s][1]);
}

static void
test_fit (void)
{
  PealGridCell cell = { 100, 50, 640, 360 };

  assert_cell (peal_grid_fit (cell, 1920, 1080), 100, 50, 640, 360);
  assert_cell (peal_grid_fit (cell, 640, 480), 180, 50, 480, 360);
  assert_cell (peal_grid_fit (cell, 360, 640), 318, 50, 202, 360);
  assert_cell (peal_grid_fit (cell, 2000, 500), 100, 150, 640, 160);
}

static void
test_fit_of_odd_sizes (void)
{
  PealGridCell cell = { 0, 0, 64, 64 };
  PealGridCell line = peal_grid_fit (cell, 100000, 1);

  assert_cell (peal_grid_fit (cell, 0, 0), 0, 0, 64, 64);
  g_assert_cmpuint (line.height, ==, 2);
  g_assert_cmpuint (line.width, ==, 64);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);

  g_test_add_func ("/grid/one-picture-fills-the-canvas", test_one);
  g_test_add_func ("/grid/two-pictures-stand-side-by-side", test_two);
  g_test_add_func ("/grid/two-pictures-stand-one-above-the-other-on-a-phone",
      test_two_on_a_tall_canvas);
  g_test_add_func ("/grid/a-last-row-stands-in-the-middle", test_three);
  g_test_add_func (
      "/grid/cells-never-overlap-or-leave-the-canvas", test_never_overlap);
  g_test_add_func ("/grid/a-picture-keeps-its-aspect-in-its-cell", test_fit);
  g_test_add_func (
      "/grid/a-picture-of-any-size-has-a-place", test_fit_of_odd_sizes);

  return g_test_run ();
}
