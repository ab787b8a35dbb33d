/*
 * How other people's pages write the same few things: a description, a
 * candidate, whom a message is from or for, who somebody is (the reading rules
 * of protocols.md section 4.3). Pure; used by the codecs of the protocols that
 * nobody owns.
 *
 * What is not there, is of another type or beyond its limit reads as absent.
 */
#pragma once

#include "wire/message.h"

G_BEGIN_DECLS

#define PEAL_LOOSE_MAX_ID_BYTES 128
#define PEAL_LOOSE_MAX_SDP_BYTES (64 * 1024)
#define PEAL_LOOSE_MAX_CANDIDATE_BYTES 1024
#define PEAL_LOOSE_MAX_MEMBERS 256

/**
 * PealLooseDescription:
 * @sdp: `v=0…`
 * @is_offer: what `type` said of it
 * @is_answer: the same; neither when nothing did
 */
typedef struct {
  gchar *sdp;
  gboolean is_offer;
  gboolean is_answer;
} PealLooseDescription;

gboolean
peal_loose_read_description (JsonNode *node, PealLooseDescription *description);
void
peal_loose_description_clear (PealLooseDescription *description);
PealMessage *
peal_loose_read_candidate (JsonNode *node);
gchar *
peal_loose_read_sender (JsonNode *node);
gchar *
peal_loose_read_target (JsonNode *node);
gchar *
peal_loose_read_name (JsonNode *node);
PealMember *
peal_loose_read_member (JsonNode *node);
GPtrArray *
peal_loose_read_members (JsonNode *node);
gchar *
peal_loose_read_room (JsonNode *node);
gchar *
peal_loose_read_text (JsonNode *node);
JsonNode *
peal_loose_get_any (JsonNode *node, const gchar *const *names);

G_END_DECLS
