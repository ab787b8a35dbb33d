/*
 * What a target has before libFuzzer begins.
 */
#include <gst/gst.h>

int
LLVMFuzzerInitialize (int *argc, char ***argv);

int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  gst_init (NULL, NULL);
  return 0;
}
