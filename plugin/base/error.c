/*
 * The one error domain of Peal. Pure.
 */
#include "base/error.h"

G_DEFINE_QUARK (peal - error - quark, peal_error)
