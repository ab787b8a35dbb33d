/*
 * Where n pictures go on one canvas. See grid.h. Pure.
 *
 * The grid has as many columns as make the cells, taken as 16:9 pictures,
 * largest; of two equal choices the one with more columns. Rows are filled
 * from the left, and a last row that is not full stands in the middle. Edges
 * are even, so that 4:2:0 chroma of neighbours does not mix.
 */
#include "media/grid.h"

/* Cameras and screens are mostly 16:9; the layout is made for them. */
#define PICTURE_WIDTH 16
#define PICTURE_HEIGHT 9

static guint
even (guint value)
{
  return value & ~1u;
}

/* The width of a 16:9 picture in a cell of this grid. */
static guint
picture_width (guint columns, guint rows, guint width, guint height)
{
  guint by_height = height / rows * PICTURE_WIDTH / PICTURE_HEIGHT;

  return MIN (width / columns, by_height);
}

static guint
rows_for (guint count, guint columns)
{
  return (count + columns - 1) / columns;
}

static guint
choose_columns (guint count, guint width, guint height)
{
  guint best = 1, best_width = 0;

  for (guint columns = 1; columns <= count; columns++) {
    guint rows = rows_for (count, columns);
    guint candidate = picture_width (columns, rows, width, height);

    if (candidate >= best_width) {
      best = columns;
      best_width = candidate;
    }
  }
  return best;
}

/**
 * peal_grid_get_cell:
 * @count: how many pictures, at least 1
 * @index: which one, from 0
 * @width: of the canvas, pixels
 * @height: of the canvas, pixels
 *
 * Returns: the cell of picture @index; cells never overlap and are never
 *   outside of the canvas
 */
PealGridCell
peal_grid_get_cell (guint count, guint index, guint width, guint height)
{
  guint columns, rows, column, row, in_row, left;
  PealGridCell cell;

  g_return_val_if_fail (index < count, (PealGridCell){ 0 });

  columns = choose_columns (count, width, height);
  rows = rows_for (count, columns);
  row = index / columns;
  column = index % columns;
  in_row = row == rows - 1 ? count - row * columns : columns;
  left = (width - width * in_row / columns) / 2;

  cell.x = even (left + width * column / columns);
  cell.y = even (height * row / rows);
  cell.width = even (left + width * (column + 1) / columns) - cell.x;
  cell.height = even (height * (row + 1) / rows) - cell.y;

  return cell;
}

/**
 * peal_grid_fit:
 * @cell: where the picture may be
 * @width: of the picture, pixels
 * @height: of the picture, pixels
 *
 * Returns: the largest rectangle in @cell with the aspect of the picture, in
 *   the middle; @cell itself for a picture without a size
 */
PealGridCell
peal_grid_fit (PealGridCell cell, guint width, guint height)
{
  PealGridCell fit = cell;

  if (width == 0 || height == 0)
    return cell;

  if ((guint64)cell.width * height > (guint64)cell.height * width)
    fit.width = even ((guint64)cell.height * width / height);
  else
    fit.height = even ((guint64)cell.width * height / width);
  fit.width = MAX (fit.width, MIN (2, cell.width));
  fit.height = MAX (fit.height, MIN (2, cell.height));
  fit.x = cell.x + even ((cell.width - fit.width) / 2);
  fit.y = cell.y + even ((cell.height - fit.height) / 2);

  return fit;
}
