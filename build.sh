#!/usr/bin/env bash
# Compiles the build when something under build/ is newer than the compiled build, then runs it. ./build.sh --help
#
#   PackageSource=gallery|compat   the packages that not every NuGet feed has, or what stands in for them;
#                                  found out for each by itself where it is not set
#   DOTNET_EXE                     the dotnet to use; default: the one on PATH
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
temp=$root/.nuke/temp
assembly=$root/build/bin/run/_build.dll
stamp=$temp/compiled              # written last: the package source and the list of files the assembly was compiled from
remembered=$temp/package-source.props
compile_log=$temp/compile.log

export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 NUKE_TELEMETRY_OPTOUT=1
export DOTNET_EXE=${DOTNET_EXE:-dotnet}
[ -x "$temp/dotnet/dotnet" ] && DOTNET_EXE=$temp/dotnet/dotnet

# What completes the command line in a shell is there already: every start of that shell asks for it.
if [ $# -eq 2 ] && [ "$1" = --completion ] && [ -f "$root/build/Completion/build.$2" ]; then
  exec cat "$root/build/Completion/build.$2"
fi

say() { printf '%s\n' "$*" >&2; }

sources() {
  cd "$root"
  find build Directory.Build.props Directory.Packages.props global.json \( -name bin -o -name obj \) -prune -o -type f "$@"
}

# One of the choices per word: Nuke=compat
joined() { local IFS=+; printf '%s' "$*"; }
listed() { local text; text=$(printf ', %s' "$@"); printf '%s' "${text:2}"; }

# Runs a command that may be silent for long, and says while it runs how long that has been: on a terminal in place,
# elsewhere in a line of its own.
lively() {
  local status=0 ticker
  tick & ticker=$!
  "$@" || status=$?
  kill "$ticker" 2>/dev/null || true
  wait "$ticker" 2>/dev/null || true
  [ ! -t 2 ] || printf '\r\033[K' >&2
  return $status
}

tick() {
  local begun=$SECONDS
  # A pipe that nobody writes to: reading from it sleeps, without a process that would be left over.
  exec 8<> <(:) 9>&-
  while read -rt 2 -u 8 || [ $? -gt 128 ] && kill -0 $$ 2>/dev/null; do
    if [ -t 2 ]; then printf '\r  %d s\033[K' $((SECONDS - begun)) >&2; else say "  $((SECONDS - begun)) s"; fi
  done
}

logged() { "$@" >"$compile_log" 2>&1; }

# Which packages, which files: a deleted or added file shows here, an edited one by its time.
fingerprint() { printf '%s %s\n' "$1" "$(sources -print | LC_ALL=C sort | cksum)"; }

is_stale() {
  [ -f "$stamp" ] && [ -f "$assembly" ] || return 0
  local compiled
  read -r compiled <"$stamp"
  local choice=${compiled%% *}
  if [ -n "${PackageSource:-}" ]; then choose_packages; choice=$(joined "${chosen[@]}"); fi
  [ "$compiled" = "$(fingerprint "$choice")" ] || return 0
  [ -n "$(sources -newer "$stamp" -print -quit)" ]
}

# A dotnet that has the SDK of global.json, or what is wrong with the one that is there.
require_sdk() {
  local said version
  version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1)
  if command -v "$DOTNET_EXE" >/dev/null; then
    if said=$("$DOTNET_EXE" --version 2>&1); then return; fi
    case $said in
      *'compatible .NET SDK was not found'*|*'No .NET SDKs were found'*) ;;
      *)
        say "$(command -v "$DOTNET_EXE") --version fails:"$'\n'"$said"
        say "Mend that, or name another dotnet in DOTNET_EXE."
        exit 1 ;;
    esac
  fi
  say "No .NET SDK $version or newer on PATH: installing it under .nuke/temp/dotnet ..."
  lively logged install_sdk "${version%.*.*}" || {
    say "$(tail -n 3 "$compile_log")"
    say "The .NET SDK could not be installed. Install .NET ${version%.*.*} by hand and run this again."
    exit 1
  }
  DOTNET_EXE=$temp/dotnet/dotnet
}

install_sdk() {
  curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$temp/dotnet-install.sh" \
    && bash "$temp/dotnet-install.sh" --install-dir "$temp/dotnet" --channel "$1.0" --no-path
}

# What not every NuGet feed has: the choice of Directory.Build.props, and the packages that it is about.
choices='Nuke Nuke.Common Nuke.Components
Verify Verify.Xunit
CycloneDX CycloneDX.Core'

# A project for each choice, restored side by side, so that what one lacks hides nothing of the others. That a package
# resolves to another version (NU1603) is an error like its absence: Directory.Build.props makes errors of warnings.
probe() {
  local choice packages package
  rm -rf "$temp/probe"
  while read -r choice packages; do
    mkdir -p "$temp/probe/$choice"
    {
      echo '<Project Sdk="Microsoft.NET.Sdk"><ItemGroup>'
      for package in $packages; do echo "<PackageReference Include=\"$package\" />"; done
      echo '</ItemGroup></Project>'
    } >"$temp/probe/$choice/$choice.csproj"
  done <<<"$choices"
  {
    echo '<Solution>'
    (cd "$temp/probe" && printf '<Project Path="%s" />\n' */*.csproj)
    echo '</Solution>'
  } >"$temp/probe/probe.slnx"
  lively logged timeout 120 "$DOTNET_EXE" restore "$temp/probe/probe.slnx" -v quiet -nologo -nodeReuse:false || true
}

# The choices, as name=source. Packages come from the gallery where the feed has them; compat is what takes their place.
choose_packages() {
  local choice packages lacking=() unknown=()
  chosen=()
  if [ -n "${PackageSource:-}" ]; then
    case $PackageSource in
      gallery|compat) ;;
      *) say "PackageSource is '$PackageSource'; expected gallery or compat."; exit 1 ;;
    esac
    while read -r choice packages; do chosen+=("$choice=$PackageSource"); done <<<"$choices"
    return
  fi
  if [ -f "$remembered" ] && [ ! "$root/Directory.Packages.props" -nt "$remembered" ]; then
    while read -r choice packages; do
      chosen+=("$choice=$(sed -n "s/.*<${choice}Source.*>\(gallery\|compat\)<.*/\1/p" "$remembered")")
    done <<<"$choices"
    case " ${chosen[*]} " in *'= '*) chosen=() ;; *) return ;; esac
  fi
  say "Looking which packages the NuGet feed has ..."
  probe
  while read -r choice packages; do
    if grep -qs '"success": true' "$temp/probe/$choice/obj/project.nuget.cache"; then
      chosen+=("$choice=gallery")
    else
      chosen+=("$choice=compat")
      lacking+=("${packages// /, }")
      # The feed said nothing, so that nothing is known but that its packages are not here.
      grep "probe/$choice/" "$compile_log" | grep -qE 'NU110[0-3]|NU1603' || unknown+=("$choice")
    fi
  done <<<"$choices"
  if [ ${#unknown[@]} -gt 0 ]; then
    say "Packages: the feed gives no answer (${compile_log#"$root"/}); until it does, others stand in for" \
      "$(listed "${lacking[@]}")."
    return
  elif [ ${#lacking[@]} -gt 0 ]; then
    say "Packages: from the feed; others stand in for what it lacks: $(listed "${lacking[@]}")."
  else
    say "Packages: all from the feed."
  fi
  {
    echo '<Project>'
    echo '  <!-- Written by build.sh; delete it to look again. -->'
    echo "  <PropertyGroup Condition=\"'\$(PackageSource)' == ''\">"
    for choice in "${chosen[@]}"; do
      echo "    <${choice%%=*}Source Condition=\"'\$(${choice%%=*}Source)' == ''\">${choice#*=}</${choice%%=*}Source>"
    done
    echo '  </PropertyGroup>'
    echo '</Project>'
  } >"$remembered.$$"
  mv "$remembered.$$" "$remembered"
}

# Into a directory of its own that takes the place of the old one by renaming: a build that is running keeps its files.
# Compiled ahead of time (ReadyToRun) where the feed has the compiler for it: that halves the time of every later start.
# Analyzers are for those who change the code: the target Test compiles with them.
publish() {
  lively logged env "${chosen[@]/=/Source=}" \
    "$DOTNET_EXE" publish "$root/build/_build.csproj" -c Release --use-current-runtime --no-self-contained \
    -o "$new" -nologo -v quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false \
    -p:RunAnalyzers=false "$@"
}

compile() {
  require_sdk
  choose_packages
  if [ -f "$assembly" ]; then
    say "Compiling the build ..."
  else
    say "The first run: restoring the packages of the build and compiling it. That takes minutes, once ..."
  fi
  # A compilation that was killed may have left a half-written assembly that is newer than its sources.
  # build/bin/run stays: another build may be running from it.
  [ ! -e "$temp/compiling" ] || rm -rf "$root"/build/{obj,bin}/Release "$root"/build/compat/*/{obj,bin}/Release
  touch "$temp/compiling"
  local new=$root/build/bin/new
  rm -rf "$new"
  if ! publish -p:PublishReadyToRun=true; then
    if ! grep -qi 'crossgen' "$compile_log" || ! publish; then
      cat "$compile_log" >&2
      say "The build itself does not compile; the messages are also in ${compile_log#"$root"/}."
      exit 1
    fi
  fi
  rm -rf "${assembly%/*}.old"
  [ ! -e "${assembly%/*}" ] || mv "${assembly%/*}" "${assembly%/*}.old"
  mv "$new" "${assembly%/*}"
  rm -rf "${assembly%/*}.old"
  fingerprint "$(joined "${chosen[@]}")" >"$stamp.new"
  touch -r "$temp/compiling" "$stamp.new"       # an edit made while we compiled counts as newer
  mv "$stamp.new" "$stamp"
  rm -f "$temp/compiling"
}

mkdir -p "$temp"
if is_stale; then
  # One compiles, the others wait and find it done.
  if command -v flock >/dev/null; then
    exec 9>"$temp/compile.lock"
    flock -n 9 || { say "Another run compiles the build; waiting for it ..."; lively flock 9; }
  fi
  if is_stale; then compile; fi
  exec 9>&-
fi

export NUKE_ROOT=${NUKE_ROOT:-$root}      # so that it can be called from anywhere
exec "$DOTNET_EXE" "$assembly" "$@"
