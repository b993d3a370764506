# Completion of build.sh for bash 4 or newer: source <(./build.sh --completion bash)
_openstack_images() {
  local line=${COMP_LINE:0:COMP_POINT} words build root current done candidate
  read -ra words <<<"$line"
  [[ $line == *[[:space:]] ]] && words+=('')
  build=${words[0]/#\~/$HOME}
  [[ $build == */* ]] || build=$(type -P -- "$build") || return
  root=$(cd -- "${build%/*}" 2>/dev/null && pwd -P) || return
  COMPREPLY=()
  [ -f "$root/build/Completion/complete" ] || return           # somebody else's build.sh
  current=${words[-1]}
  # Readline replaces what stands behind the last of these, and no more; @ is one that it takes along.
  done=
  [[ $current == *[=:]* ]] && done=${current%"${current##*[=:]}"}
  while IFS=$'\t' read -r candidate _; do
    if [ "$candidate" = @file ]; then
      compopt -o filenames
      while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done < <(compgen -f -- "$current")
    else
      [[ $candidate == *= ]] && compopt -o nospace
      COMPREPLY+=("${candidate:${#done}}")
    fi
  done < <(bash "$root/build/Completion/complete" "$root" "${words[@]:1}")
}
complete -o default -F _openstack_images build.sh
