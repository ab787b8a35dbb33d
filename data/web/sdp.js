/*
 * The little that the page reads from SDP itself. Pure.
 */

const DIRECTIONS = ['sendrecv', 'sendonly', 'recvonly', 'inactive'];

/**
 * What the offerer wants to do on each m-line.
 *
 * @param {string} sdp
 * @returns {Map<string, string>} the direction by mid
 */
export function offeredDirections(sdp) {
  const [head, ...sections] = sdp.split(/^m=/m);
  const byMid = new Map();
  for (const section of sections) {
    const mid = /^a=mid:(\S+)/m.exec(section)?.[1];
    if (mid === undefined) continue;
    byMid.set(mid, directionOf(section) ?? directionOf(head) ?? 'sendrecv');
  }
  return byMid;
}

/** Whether the offerer wants to receive on an m-line of this direction. */
export function wantsToReceive(direction) {
  return direction === 'sendrecv' || direction === 'recvonly';
}

/** Whether an offer, or an answer, has a line for data channels. */
export function offersChannel(sdp) {
  return /^m=application /m.test(sdp);
}

export function acceptsChannel(sdp) {
  return /^m=application [1-9]/m.test(sdp);
}

function directionOf(text) {
  return DIRECTIONS.find((d) => new RegExp(`^a=${d}\\s*$`, 'm').test(text));
}
