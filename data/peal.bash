# Completion of peal(1) for bash.

_peal_options ()
{
  local common='--help'
  local serving='--tls --tls-cert --tls-key --token-file --stun --turn
    --turn-secret-file
    --max-members --any-origin --room --qr --seconds --json'
  case $1 in
    serve) echo "$common --listen $serving" ;;
    call) echo "$common $serving --serve --video --audio --name --token
      --tls-ca-file --video-codecs --audio-codecs --min-bitrate
      --start-bitrate --max-bitrate --no-display --no-speaker --no-retry
      --relay" ;;
    devices) echo "$common --json" ;;
    help) echo "serve call devices demo" ;;
    demo) echo "$common --seconds --camera --json" ;;
    *) echo "--help --version" ;;
  esac
}

_peal ()
{
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local words=
  COMPREPLY=()
  case $previous in
    --tls-cert | --tls-key | --tls-ca-file | --token-file | \
      --turn-secret-file)
      compopt -o filenames 2>/dev/null
      mapfile -t COMPREPLY < <(compgen -f -- "$word")
      return ;;
    --tls) words=auto ;;
    --video) words='camera screen test none' ;;
    --audio) words='microphone test none' ;;
    --video-codecs) words='VP8 VP9 H264' ;;
    --audio-codecs) words='OPUS PCMU PCMA' ;;
    *)
      if [ "$COMP_CWORD" = 1 ]; then
        words='serve call devices demo help --help --version'
      else
        words=$(_peal_options "${COMP_WORDS[1]}")
      fi ;;
  esac
  mapfile -t COMPREPLY < <(compgen -W "$words" -- "$word")
}

complete -F _peal peal
