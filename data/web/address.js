/*
 * What the page's own address says: the room, the name, the token and where
 * the signalling is. Pure.
 */

export const DEFAULT_ROOM = 'lobby';
const NAME_LIMIT_BYTES = 128; // protocols.md section 1

/**
 * @param {URL|Location} location
 * @returns {{room: string, name: ?string, token: ?string, socket: string,
 *   isRelayOnly: boolean}} isRelayOnly: go through a TURN server only (?relay)
 */
export function readAddress(location) {
  const query = new URLSearchParams(location.search);
  const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
  const first = location.pathname.split('/').find((part) => part !== '');
  return {
    room: decode(first ?? '') || DEFAULT_ROOM,
    name: tidyName(query.get('name') ?? '') || null,
    token: query.get('token') || null,
    isRelayOnly: query.has('relay'),
    socket: `${scheme}//${location.host}/ws`,
  };
}

/** A room's link for other people: no name, no token. */
export function shareLink(location, room) {
  return `${location.protocol}//${location.host}/${encodeURIComponent(room)}`;
}

/** A person's name without outer space, cut to what the protocol takes. */
export function tidyName(name) {
  const encoder = new TextEncoder();
  let kept = '';
  let bytes = 0;
  for (const character of name.trim()) {
    bytes += encoder.encode(character).length;
    if (bytes > NAME_LIMIT_BYTES) break;
    kept += character;
  }
  return kept.trim();
}

/** Random letters and digits, for session ids. */
export function randomId(length = 16) {
  const letters = 'abcdefghijklmnopqrstuvwxyz012345';
  const bytes = crypto.getRandomValues(new Uint8Array(length));
  return Array.from(bytes, (byte) => letters[byte & 31]).join('');
}

function decode(part) {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
