/*
 * Where n pictures go on one canvas. Pure.
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PealGridCell: a rectangle of the canvas, in pixels; x and y from the top
 * left corner
 */
typedef struct {
  guint x;
  guint y;
  guint width;
  guint height;
} PealGridCell;

PealGridCell
peal_grid_get_cell (guint count, guint index, guint width, guint height);
PealGridCell
peal_grid_fit (PealGridCell cell, guint width, guint height);

G_END_DECLS
