/*
 * The way that ICE found to a peer, out of a connection's statistics, and what
 * the browser says of STUN and TURN servers that did not help. Pure.
 */

/**
 * @param {object[]} stats of an RTCPeerConnection, as plain objects
 * @returns {?{local: string, remote: string}} kinds of our and the peer's
 *   candidate (host, srflx, prflx, relay), or null while there is no way
 */
export function chosenWay(stats) {
  const rows = new Map(stats.map((row) => [row.id, row]));
  const transport = stats.find(({ type }) => type === 'transport');
  const pair =
    rows.get(transport?.selectedCandidatePairId) ??
    stats.find(({ type, selected }) => type === 'candidate-pair' && selected);
  const local = rows.get(pair?.localCandidateId)?.candidateType;
  const remote = rows.get(pair?.remoteCandidateId)?.candidateType;
  return local && remote ? { local, remote } : null;
}

/**
 * @param {{errorCode: number, url: string}} error an
 *   RTCPeerConnectionIceErrorEvent
 * @returns {string} what is wrong with which server, or '' if nothing is
 */
export function serverFault({ errorCode, url }) {
  const name = `${/^turns?:/.test(url) ? 'TURN' : 'STUN'} server ${url}`;
  if (errorCode === 401) return `${name} refused us: wrong credentials?`;
  if (errorCode === 701) return `${name} does not answer`;
  return errorCode >= 300 ? `${name} answered with error ${errorCode}` : '';
}
