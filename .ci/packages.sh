# Part of ./dev: finds out which Debian packages are missing and installs them
# with a line or two of progress instead of apt's pages; those go to a log.

# Chroots often come without /proc, and neither bash nor the compiler nor
# Chromium gets far then. Root gets one for as long as the command runs.
need_proc () {
  if [ ! -e /proc/self/stat ]; then
    [ "$(id -u)" = 0 ] && mount -t proc proc /proc 2>/dev/null ||
      die "there is no /proc here (a bare chroot?): mount -t proc proc /proc"
    say "Mounted /proc for this command: there was none"
    trap 'umount -l /proc' EXIT
  fi
  [ -d /dev/shm ] || mkdir -p -m 1777 /dev/shm 2>/dev/null || true
}

# A newer or a different build of a tool does as well as Debian's package.
have_instead () {
  case $1 in
    nodejs) node -e 'process.exit(parseInt(process.versions.node) < 18)' ;;
    npm) npm --version ;;
    chromium) command -v chromium ;;
    meson) python3 -c 'import mesonbuild' && meson --version ;;
    pkg-config | gcc | git) command -v "$1" ;;
    *) false ;;
  esac >/dev/null 2>&1
}

# Prints those of the named packages that are not installed.
missing_packages () {
  local package have
  have=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "$@" 2>/dev/null |
    sed -n 's/^installed //p') || true
  for package in "$@"; do
    grep -qxF "$package" <<<"$have" || have_instead "$package" ||
      echo "$package"
  done
}

# Turns apt's status lines (APT::Status-Fd) into one line that is redrawn on
# a terminal, and into a line per tenth of the way otherwise.
show_progress () {
  local kind name percent text tenth last=-1
  while IFS=: read -r kind name percent text; do
    case $kind in
      dlstatus) text=Downloading tenth=0 ;;
      pmstatus) text=Installing tenth=10 ;;
      *) continue ;;
    esac
    percent=${percent%%.*}
    tenth=$((tenth + percent / 10))
    if [ -t 1 ]; then
      printf '\r[%4d s]   %s %3d %%   ' $((SECONDS - STARTED)) "$text" "$percent"
    elif [ "$tenth" != "$last" ]; then
      say "  $text $percent %"
    fi
    last=$tenth
  done
  [ ! -t 1 ] || [ "$last" = -1 ] || printf '\n'
}

# apt_get LOG ARGUMENT...: as root, quiet, with progress on standard output.
apt_get () {
  local log=$1
  shift
  { "${AS_ROOT[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8 \
      apt-get -q -y -o DPkg::Lock::Timeout=300 -o Acquire::Retries=3 \
      -o APT::Status-Fd=3 -o Dpkg::Use-Pty=0 "$@" \
      3>&1 >>"$log" 2>&1 </dev/null; } | show_progress
}

# Known to apt, and so installable without a fresh package list?
apt_knows () {
  local -a candidates
  mapfile -t candidates < <(LC_ALL=C apt-cache policy "$@" 2>/dev/null |
    sed -n 's/^  Candidate: //p' | grep -v '(none)')
  [ ${#candidates[@]} -ge $# ]
}

install_packages () {
  local log=$LOGS/apt.log
  mkdir -p "$LOGS"
  date >"$log"
  if ! apt_knows "$@"; then
    say "Reading the package lists"
    apt_get "$log" update || apt_failed "$log" "$@"
  fi
  apt_knows "$@" || apt_failed "$log" "$@"
  say "Installing $# Debian packages and what they need (log: $log)"
  apt_get "$log" install --no-install-recommends "$@" && return
  say "That failed; once more with fresh package lists"
  apt_get "$log" update || apt_failed "$log" "$@"
  apt_get "$log" install --no-install-recommends "$@" || apt_failed "$log" "$@"
}

apt_failed () {
  local log=$1
  shift
  { grep -E '^(E|W|Err):?' "$log" || tail -n 15 "$log"; } | tail -n 15 >&2
  apt_knows "$@" || printf 'apt does not know all of: %s\n' "$*" >&2
  die "apt-get failed: see $log"
}

# The tests start their own TURN server; the machine should not get one.
keep_service_off () {
  [ -d /run/systemd/system ] || return 0
  "${AS_ROOT[@]}" systemctl disable --now --quiet coturn.service || true
}

in_short () {
  if [ $# -le 8 ]; then
    echo "$*"
  else
    echo "${*:1:5} and $(($# - 5)) more packages"
  fi
}

# need_packages GROUP PACKAGE...: returns when they are there, or ends.
need_packages () {
  local group=$1
  shift
  local -a missing
  if ! command -v dpkg-query >/dev/null; then
    say "Not Debian: install what matches these by hand: $*"
    return
  fi
  mapfile -t missing <<<"$(missing_packages "$@")"
  [ -n "${missing[0]}" ] || return 0
  say "Missing for $group: $(in_short "${missing[@]}")"
  AS_ROOT=()
  if [ "$(id -u)" != 0 ]; then
    AS_ROOT=(sudo)
    [ -t 0 ] || AS_ROOT=(sudo -n)
  fi
  if [ -n "${PEAL_NO_INSTALL-}" ] || ! can_be_root; then
    say "Not installed, for want of root or sudo. This does it:"
    printf '\n    apt-get install --no-install-recommends %s\n\n' "${missing[*]}"
    exit 1
  fi
  install_packages "${missing[@]}"
  case " ${missing[*]} " in *' coturn '*) keep_service_off ;; esac
}

can_be_root () {
  [ "$(id -u)" = 0 ] || "${AS_ROOT[@]}" true 2>/dev/null
}
