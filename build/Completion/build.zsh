# Completion of build.sh for zsh: source <(./build.sh --completion zsh), after compinit
_openstack_images() {
  local build=${~words[1]} root line
  [[ $build == */* ]] || build=${commands[$build]}
  root=${build:A:h}
  [[ -f $root/build/Completion/complete ]] || { _default; return }    # somebody else's build.sh
  local -a names described open
  for line in "${(@f)$(bash $root/build/Completion/complete $root "${(@)words[2,CURRENT-1]}" "$PREFIX")}"; do
    case $line in
      '') ;;
      @file) _files; return ;;
      *=) open+=("$line") ;;
      *$'\t'*) names+=("${line%%$'\t'*}"); described+=("${line%%$'\t'*}  -- ${line#*$'\t'}") ;;
      *) names+=("$line"); described+=("$line") ;;
    esac
  done
  (( $#open )) && compadd -S '' -a open
  (( $#names )) && compadd -M 'm:{a-zA-Z}={A-Za-z}' -l -d described -a names
}
compdef _openstack_images build.sh
