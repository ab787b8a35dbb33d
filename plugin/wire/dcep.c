/*
 * Checks of DATA_CHANNEL_OPEN and DATA_CHANNEL_ACK. See dcep.h. Called by
 * data-channel on a streaming thread. No state.
 */
#include "wire/dcep.h"

#define TYPE_ACK 0x02         /* RFC 8832 section 5.2 */
#define TYPE_OPEN 0x03        /* RFC 8832 section 5.1 */
#define OPEN_HEAD_BYTES 12    /* up to and with the two lengths */
#define MAX_NAME_BYTES 1024   /* chosen: labels are words, not documents */
#define LABEL_LENGTH_OFFSET 8 /* RFC 8832 section 5.1 */
#define PROTOCOL_LENGTH_OFFSET 10

static gsize
read_u16 (const guint8 *data)
{
  return ((gsize)data[0] << 8) | data[1];
}

static gboolean
is_valid_open (const guint8 *data, gsize size)
{
  gsize label, protocol;

  if (size < OPEN_HEAD_BYTES)
    return FALSE;

  label = read_u16 (data + LABEL_LENGTH_OFFSET);
  protocol = read_u16 (data + PROTOCOL_LENGTH_OFFSET);

  return label <= MAX_NAME_BYTES && protocol <= MAX_NAME_BYTES &&
      OPEN_HEAD_BYTES + label + protocol <= size;
}

/**
 * peal_dcep_is_valid:
 * @data: (nullable): a message with PEAL_DCEP_PPID, from the network
 * @size: in bytes
 *
 * Returns: whether webrtcbin can read it
 */
gboolean
peal_dcep_is_valid (const guint8 *data, gsize size)
{
  if (size == 0)
    return FALSE;
  if (data[0] == TYPE_ACK)
    return TRUE;

  return data[0] == TYPE_OPEN && is_valid_open (data, size);
}
