#!/bin/bash
#
# ./dev fresh: does the README's two commands work for somebody who has just
# installed Debian 12? Makes a minimal one in .dev/fresh/root, clones the
# commit into it and runs the commands there, each twice.
#
# Mirrors, proxies, certificates and npm's registry are the host's own. All
# mounts and processes live in namespaces that end with this script, so that
# an interrupted run leaves a plain folder behind. Downloads stay in
# .dev/fresh for the next time.
set -euo pipefail

WHERE=.dev/fresh
ROOT=$WHERE/root
BASE=$WHERE/base.tar
HOME_INSIDE=/srv/user
STARTED=$SECONDS

say () { printf '[%4d s] fresh: %s\n' $((SECONDS - STARTED)) "$*"; }
die () { printf 'dev: %s\n' "$*" >&2; exit 1; }

usage () {
  cat <<END
usage: ./dev fresh [demo|check|all|shell] [--once] [--keep]
  demo, check  that command of the README only (default: all)
  shell        a shell in the new Debian, with the clone in ~/peal
  --once       each command once, not twice
  --keep       leave $ROOT there at the end
END
}

# The host's Debian 12 mirrors as apt itself knows them, one line each. A host
# that is not Debian 12 has none, and mmdebstrap then takes its default.
host_sources () {
  apt-get indextargets --format \
    'deb $(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' \
    2>/dev/null |
    grep -E ' bookworm(-updates|-security)? main$' | sort -u || true
}

host_apt_settings () {
  apt-config dump | grep -iE '^Acquire::(http|https)::(Proxy|CaInfo)' || true
}

# The base is the same for everyone and kept for a week.
make_base () {
  if [ -n "$(find "$BASE" -mtime -7 2>/dev/null)" ]; then
    say "Using the minimal Debian 12 in $BASE"
    return
  fi
  say "Making a minimal Debian 12 (log: $WHERE/mmdebstrap.log)"
  host_apt_settings >"$WHERE/apt.conf"
  host_sources >"$WHERE/sources.list"
  local -a sources=()
  [ ! -s "$WHERE/sources.list" ] || sources=("$WHERE/sources.list")
  mmdebstrap --variant=minbase --include=git,ca-certificates \
    --aptopt="$WHERE/apt.conf" bookworm "$WHERE/new.tar" "${sources[@]}" \
    >"$WHERE/mmdebstrap.log" 2>&1 </dev/null ||
    { tail -n 15 "$WHERE/mmdebstrap.log" >&2; die "mmdebstrap failed"; }
  mv "$WHERE/new.tar" "$BASE"
}

unpack () {
  rm -rf --one-file-system "$ROOT"
  mkdir -p "$ROOT$HOME_INSIDE" "$WHERE/debs" "$WHERE/npm"
  tar -C "$ROOT" -xf "$BASE"
  cp -L /etc/resolv.conf /etc/hosts "$ROOT/etc/" 2>/dev/null || true
  if compgen -G '/usr/local/share/ca-certificates/*.crt' >/dev/null; then
    cp /usr/local/share/ca-certificates/*.crt \
      "$ROOT/usr/local/share/ca-certificates/"
    chroot "$ROOT" update-ca-certificates >"$WHERE/certificates.log" 2>&1
  fi
}

# A bundle, so that the clone sees what is committed and nothing else.
bundle_commit () {
  [ -z "$(git status --porcelain)" ] ||
    say "Note: what is not committed is not tested"
  git bundle create -q "$ROOT$HOME_INSIDE/peal.bundle" HEAD
}

# What the host says about the network, given on by environment only.
network_environment () {
  local name
  for name in http_proxy https_proxy no_proxy HTTP_PROXY HTTPS_PROXY NO_PROXY; do
    [ -z "${!name-}" ] || echo "$name=${!name}"
  done
  if command -v npm >/dev/null; then
    echo "npm_config_registry=$(npm config get registry 2>/dev/null)"
  fi
  echo NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
}

# Runs in the new mount and process namespaces; everything ends with it.
mount_and_enter () {
  mount -t proc proc "$ROOT/proc"
  mount -t sysfs -o ro sysfs "$ROOT/sys"
  mount -t tmpfs -o mode=1777 tmpfs "$ROOT/dev/shm"
  mount -t devpts -o newinstance,ptmxmode=0666 devpts "$ROOT/dev/pts"
  mount --bind "$WHERE/debs" "$ROOT/var/cache/apt/archives"
  mkdir -p "$ROOT$HOME_INSIDE/.npm"
  mount --bind "$WHERE/npm" "$ROOT$HOME_INSIDE/.npm"
  local -a environment
  mapfile -t environment < <(network_environment)
  exec chroot "$ROOT" /usr/bin/env -i HOME=$HOME_INSIDE USER=root LANG=C.UTF-8 \
    PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    TERM="${TERM:-dumb}" ${CI:+CI="$CI"} "${environment[@]}" \
    /bin/bash -c "$1"
}

# enter SCRIPT: runs it in the new Debian.
enter () {
  unshare --mount --pid --fork --kill-child --propagation private \
    "$0" --enter "$1"
}

# try COMMAND: runs it in the clone, and tells how long it took.
try () {
  local begun=$SECONDS
  say "Running: $1"
  enter "cd ~/peal && $1" || die "in the fresh Debian, \"$1\" failed"
  SUMMARY+=("$(printf '%5d s  %s' $((SECONDS - begun)) "$1")")
}

main () {
  local what=all times=2 keep= command
  local -a commands=() SUMMARY=()
  for argument; do
    case $argument in
      demo | check | all | shell) what=$argument ;;
      --once) times=1 ;;
      --keep) keep=1 ;;
      *) usage >&2; exit 2 ;;
    esac
  done
  [ "$(id -u)" = 0 ] || die "fresh needs root: sudo ./dev fresh"
  command -v mmdebstrap >/dev/null ||
    die "fresh needs mmdebstrap: apt-get install mmdebstrap"
  mkdir -p "$WHERE"
  exec 9>"$WHERE/lock"
  flock -n 9 || die "another ./dev fresh runs in this checkout"
  make_base
  unpack
  bundle_commit
  enter 'git -c advice.detachedHead=false clone -q ~/peal.bundle ~/peal'
  [ "$what" != shell ] || { enter 'cd ~/peal && exec bash -i'; return; }
  [ "$what" = check ] || commands+=('./dev demo --seconds 10')
  [ "$what" = demo ] || commands+=('./dev check')
  for command in "${commands[@]}"; do
    for ((i = 0; i < times; i++)); do
      try "$command"
    done
  done
  say "Everything worked:"
  printf '%s\n' "${SUMMARY[@]}"
  [ -n "$keep" ] || rm -rf --one-file-system "$ROOT"
}

cd "$(dirname "$(readlink -f "$0")")/.."
if [ "${1-}" = --enter ]; then
  mount_and_enter "$2"
else
  main "$@"
fi
