/*
 * The page: puts media, room and what is on the screen together, and holds
 * what none of them owns (the view, the buttons, the keys).
 *
 * `window.peal` is a read-only hook for tests and the curious:
 *   state      signalling: idle, connecting, joining, joined, waiting, refused
 *   selfId     our id in the room, or null
 *   peers      Map by id of {name, state, session, stream, muted, channel,
 *              way, fault, stats()}
 *   stream     what we send, a MediaStream
 *   muted      {audio, video} of ours
 *   chat       what was said: [{name, text, isOwn}]
 */

import { randomId, readAddress, shareLink, tidyName } from './address.js';
import { Chat } from './chat.js';
import { byId, setIcon, setText, speak } from './dom.js';
import { Media } from './media.js';
import { Room } from './room.js';
import { Stage } from './stage.js';
import { SIGNALLING_WORDS, mediaNotice, peopleWords, refusal } from './words.js';

const NAME_KEY = 'peal-name';

const address = readAddress(location);
const entry = {
  room: address.room,
  name: address.name ?? recall() ?? '',
  token: address.token,
};
let closedNotice = '';
let wakeLock = null;
let lobbyHadFocus = false;

const stage = new Stage();
const media = new Media({ onChange: showMedia, onTrack: onOwnTrack });
const room = new Room(address, media, {
  onState: showState,
  onPeers: showPeers,
  onPeer: showPeers,
  onArrival: announce,
  onChat: (said) => chat.add(said),
});
const chat = new Chat({ onSay: (text) => room.say(text) });

function recall() {
  try {
    return localStorage.getItem(NAME_KEY);
  } catch {
    return null; /* storage is switched off */
  }
}

function remember(name) {
  try {
    localStorage.setItem(NAME_KEY, name);
  } catch {
    /* storage is switched off: the name is typed again next time */
  }
}

function enter() {
  entry.name = tidyName(byId('name').value) || `Guest ${randomId(3)}`;
  entry.token = byId('token').value.trim() || entry.token;
  byId('name').value = entry.name;
  remember(entry.name);
  lobbyHadFocus = hasFocus('lobby');
  byId('enter').disabled = true; /* and without the focus */
  room.enter(entry);
}

function leave() {
  chat.close();
  room.leave();
  showLobby('You left the room', `You can join “${entry.room}” again.`);
  byId('enter').focus();
}

function onOwnTrack(kind, track) {
  room.replaceTrack(kind, track);
}

/* ---- what is on the screen ---- */

function hasFocus(id) {
  return byId(id).contains(document.activeElement);
}

function showView(view) {
  document.body.dataset.view = view;
  byId('lobby').hidden = view !== 'lobby';
  byId('stage').hidden = view !== 'call';
  for (const element of document.querySelectorAll('[data-in="call"]'))
    element.hidden = view !== 'call';
  if (view !== 'call') byId('chat').hidden = true;
}

function showLobby(title, text, asksToken = false) {
  setText(byId('lobby-title'), title);
  setText(byId('lobby-text'), text);
  byId('token-field').hidden = !asksToken;
  byId('enter').disabled = false;
  showView('lobby');
}

function showState(state) {
  const pill = byId('signalling');
  setText(pill.querySelector('span'), state === 'idle' ? '' : SIGNALLING_WORDS[state]);
  pill.dataset.state = state;
  if (state === 'joined') onJoined();
  if (state === 'refused') onRefused();
  if (state === 'waiting' && document.body.dataset.view === 'lobby')
    setText(byId('lobby-text'), 'The server does not answer. Trying again…');
}

function onJoined() {
  if (document.body.dataset.view !== 'call') {
    const hadFocus = lobbyHadFocus || hasFocus('lobby');
    showView('call');
    if (hadFocus) byId('chat-toggle').focus({ focusVisible: false });
  }
  showPeers();
  keepAwake();
}

function onRefused() {
  const { title, text, asksToken } = refusal(room.refusedBy, !!entry.token);
  showLobby(title, text, asksToken);
  byId(asksToken ? 'token' : 'enter').focus();
  entry.token = null;
}

function showPeers() {
  stage.showPeers(room.peers);
  const isIn = room.selfId !== null;
  setText(byId('people'), isIn ? peopleWords(room.peers.size + 1) : '');
}

function announce(peer, isHere) {
  speak(`${peer.name} ${isHere ? 'joined' : 'left'}`);
}

function showMedia() {
  const muted = media.muted;
  stage.showSelf({ stream: media.stream, muted, isMirrored: media.isMirrored });
  showToggle('mic', muted.audio, ['Mute', 'Unmute']);
  showToggle('video', muted.video, ['Stop video', 'Start video']);
  byId('switch').hidden = media.cameras.length < 2 || !media.track('video');
  showNotice(mediaNotice(media.problems));
  room.tellMuted();
}

function showToggle(id, isMuted, [on, off]) {
  const button = byId(id);
  const label = isMuted ? off : on;
  button.setAttribute('aria-pressed', String(isMuted));
  button.title = `${label} (${id[0]})`;
  setText(button.querySelector('span'), label);
  setIcon(button, isMuted ? `${id}-off` : id);
}

function showNotice(text) {
  const notice = byId('notice');
  setText(notice.querySelector('p'), text);
  notice.hidden = !text || text === closedNotice;
  if (document.body.dataset.view === 'lobby' && text)
    setText(byId('lobby-text'), text);
}

async function copyLink(event) {
  const label = event.currentTarget.querySelector('span');
  const link = shareLink(location, entry.room);
  try {
    await navigator.clipboard.writeText(link);
    setText(label, 'Copied');
    speak('Link copied');
  } catch {
    window.prompt('Copy this link', link);
  }
  setTimeout(() => setText(label, 'Copy link'), 2000);
}

/* A phone that goes dark ends the call for its owner. */
async function keepAwake() {
  try {
    if (!wakeLock || wakeLock.released)
      wakeLock = await navigator.wakeLock?.request('screen');
  } catch {
    /* the battery is low or the page is hidden: nothing to do */
  }
}

/* ---- buttons and keys ---- */

async function toggle(kind) {
  closedNotice = '';
  await media.toggle(kind);
  const what = kind === 'audio' ? 'Microphone' : 'Camera';
  speak(`${what} ${media.muted[kind] ? 'off' : 'on'}`);
}

const KEYS = {
  m: () => toggle('audio'),
  v: () => toggle('video'),
  c: () => document.body.dataset.view === 'call' && chat.toggle(),
};

function onKey(event) {
  const isTyping = event.target.closest?.('input, textarea, select');
  if (isTyping || event.ctrlKey || event.metaKey || event.altKey) return;
  const action = KEYS[event.key.toLowerCase()];
  if (!action || event.repeat) return;
  event.preventDefault();
  action();
}

function connectControls() {
  byId('lobby-form').addEventListener('submit', (event) => {
    event.preventDefault();
    enter();
  });
  byId('mic').addEventListener('click', () => toggle('audio'));
  byId('video').addEventListener('click', () => toggle('video'));
  byId('switch').addEventListener('click', () => media.switchCamera());
  byId('leave').addEventListener('click', leave);
  byId('share').addEventListener('click', copyLink);
  byId('alone-share').addEventListener('click', copyLink);
  byId('notice').querySelector('button').addEventListener('click', () => {
    closedNotice = mediaNotice(media.problems);
    showNotice(closedNotice);
  });
  document.addEventListener('keydown', onKey);
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden && room.state === 'joined') keepAwake();
  });
  /* The others see at once that this page is gone; if it comes back out of
   * the browser's cache it starts anew. */
  window.addEventListener('pagehide', () => room.leave());
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });
}

function exposeHook() {
  Object.defineProperty(window, 'peal', {
    value: {
      get state() { return room.state; },
      get selfId() { return room.selfId; },
      get peers() { return room.peers; },
      get stream() { return media.stream; },
      get muted() { return media.muted; },
      get chat() { return chat.log; },
    },
  });
}

async function begin() {
  connectControls();
  exposeHook();
  document.title = `${entry.room} · Peal`;
  setText(byId('room-name'), entry.room);
  setText(byId('alone-link'), shareLink(location, entry.room));
  byId('name').value = entry.name;
  showLobby(`Join “${entry.room}”`, 'Check your picture, then go in.');
  const opened = media.open();
  if (address.name) {
    await opened;
    enter();
  } else byId('name').focus();
}

begin();
