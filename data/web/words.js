/*
 * Every state and error in plain words. Pure.
 */

/** A peer connection's state, as a tile says it; connected needs no word. */
export const PEER_WORDS = {
  new: 'Waiting…',
  connecting: 'Connecting…',
  connected: '',
  disconnected: 'Connection lost, trying again…',
  failed: 'No connection, trying again…',
  closed: 'Call ended',
};

/** A state, and what the browser knows of its reason. */
export function peerWords(state, fault) {
  const words = PEER_WORDS[state] ?? state;
  return fault && words && state !== 'closed' ? `${words} (${fault})` : words;
}

/** How media travels, for the label of a tile. */
export function wayWords(way) {
  if (!way) return '';
  return [way.local, way.remote].includes('relay') ? 'relayed' : 'direct';
}

/** The signalling state, as the header says it. */
export const SIGNALLING_WORDS = {
  idle: 'Not in the room',
  connecting: 'Connecting…',
  joining: 'Joining…',
  joined: 'Connected',
  waiting: 'Reconnecting…',
  refused: 'Not in the room',
};

const REFUSALS = {
  'room-full': {
    title: 'This room is full',
    text: 'Wait until someone leaves, then try again.',
  },
  unauthorized: {
    title: 'This room needs a token',
    text: 'Type the token that the person who runs the server gave you.',
    asksToken: true,
  },
  'bad-room': {
    title: 'There is no such room',
    text: 'A room name is 1 to 64 of A-Z a-z 0-9 . _ -',
  },
  'bad-name': {
    title: 'The server does not take this name',
    text: 'Choose another, shorter name.',
  },
  'rate-limited': {
    title: 'Too many tries',
    text: 'The server asks for a pause. Try again in a minute.',
  },
};

/**
 * What to show when the server refused us.
 *
 * @param {string} code of the server's error
 * @param {boolean} hadToken whether a token was given
 */
export function refusal(code, hadToken) {
  if (code === 'unauthorized' && hadToken)
    return {
      ...REFUSALS.unauthorized,
      title: 'The token is not right',
      text: 'Check it and type it again.',
    };
  return (
    REFUSALS[code] ?? {
      title: 'The server refused',
      text: `It said: ${code}. Try again in a while.`,
    }
  );
}

const WHY = {
  insecure:
    'Browsers give camera and microphone to pages over HTTPS only. Open ' +
    'this page with https:// (peal serve --tls auto), or on the server’s ' +
    'own machine',
  refused: 'The browser was not allowed to use',
  missing: 'This device has no',
  busy: 'Another program is using the',
  failed: 'The browser could not open the',
};

/**
 * What the person should know about their own camera and microphone, or ''.
 *
 * @param {{audio: ?string, video: ?string}} problems why a medium is missing:
 *   'insecure', 'refused', 'missing', 'busy', 'failed', or null
 */
export function mediaNotice({ audio, video }) {
  if (!audio && !video) return '';
  if (audio === 'insecure') return `Receive only. ${WHY.insecure}.`;
  if (audio && audio === video) {
    const what = audio === 'refused' || audio === 'missing' ? 'or' : 'and';
    return (
      `Receive only: you see and hear the others. ` +
      `${WHY[audio]} camera ${what} microphone.`
    );
  }
  const sentences = [];
  if (video) sentences.push(`${because(video, 'camera')}.`);
  if (audio) sentences.push(`${because(audio, 'microphone')}.`);
  const lead = audio && video ? 'Receive only.' : audio ? 'Others cannot hear you.' : 'Others cannot see you.';
  return `${lead} ${sentences.join(' ')}`;
}

function because(reason, device) {
  return reason === 'refused'
    ? `${WHY.refused} the ${device}`
    : `${WHY[reason]} ${device}`;
}

/** '1 person here', '3 people here'. */
export function peopleWords(count) {
  return count === 1 ? 'Only you' : `${count} people`;
}

/** The first letter to stand for a person without a picture. */
export function initialOf(name) {
  return ([...name.trim()][0] ?? '?').toUpperCase();
}
