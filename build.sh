#!/usr/bin/env bash
# Compiles the build when something under build/ is newer than the compiled build, then runs it. ./build.sh --help
#
#   PackageSource=gallery|compat   what the build is compiled against; found out by itself where it is not set
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

say() { printf '%s\n' "$*" >&2; }

sources() {
  cd "$root"
  find build Directory.Build.props Directory.Packages.props global.json \( -name bin -o -name obj \) -prune -o -type f "$@"
}

# Which packages, which files: a deleted or added file shows here, an edited one by its time.
fingerprint() { printf '%s %s\n' "$1" "$(sources -print | LC_ALL=C sort | cksum)"; }

is_stale() {
  [ -f "$stamp" ] && [ -f "$assembly" ] || return 0
  local compiled
  read -r compiled <"$stamp"
  [ "$compiled" = "$(fingerprint "${PackageSource:-${compiled%% *}}")" ] || return 0
  [ -n "$(sources -newer "$stamp" -print -quit)" ]
}

install_sdk() {
  local version
  version=$(sed -n 's/.*"version": *"\([^"]*\)".*/\1/p' "$root/global.json" | head -n 1)
  say "No .NET SDK $version or newer on PATH: installing it under .nuke/temp/dotnet"
  curl -fsSL https://dot.net/v1/dotnet-install.sh -o "$temp/dotnet-install.sh" \
    && bash "$temp/dotnet-install.sh" --install-dir "$temp/dotnet" --channel "${version%.*.*}.0" --no-path >"$compile_log" 2>&1 \
    || { say "The .NET SDK could not be installed. Install .NET ${version%.*.*} by hand and run this again."; exit 1; }
  DOTNET_EXE=$temp/dotnet/dotnet
}

# The gallery's packages where the NuGet feed has them, build/compat where it does not.
choose_packages() {
  if [ -n "${PackageSource:-}" ]; then source=$PackageSource; return; fi
  if [ -f "$remembered" ] && [ ! "$root/Directory.Packages.props" -nt "$remembered" ]; then
    source=$(sed -n "s/.*>\(gallery\|compat\)<.*/\1/p" "$remembered")
    [ -z "$source" ] || return 0
  fi
  say "Looking whether the NuGet feed carries NUKE and the other packages of the build ..."
  if PackageSource=gallery timeout 120 "$DOTNET_EXE" restore "$root/build/_build.csproj" -v quiet -nologo >"$compile_log" 2>&1; then
    source=gallery
    say "Packages: the feed's own."
  elif grep -qE 'NU110[0-3]|NU1301' "$compile_log" || [ ! -s "$compile_log" ]; then
    source=compat
    say "Packages: build/compat stands in, the feed lacks: $(sed -n 's/.*NU110[0-9]: Unable to find package \([^. ]*[^ ]*\)\. .*/\1/p' "$compile_log" | sort -u | paste -sd ' ' -)"
  else
    cat "$compile_log" >&2
    exit 1
  fi
  cat >"$remembered.$$" <<EOF
<Project>
  <!-- Written by build.sh; delete it to look again. -->
  <PropertyGroup>
    <PackageSource Condition="'\$(PackageSource)' == ''">$source</PackageSource>
  </PropertyGroup>
</Project>
EOF
  mv "$remembered.$$" "$remembered"
}

# Into a directory of its own that takes the place of the old one by renaming: a build that is running keeps its files.
# Compiled ahead of time (ReadyToRun) where the feed has the compiler for it: that halves the time of every later start.
publish() {
  PackageSource=$source "$DOTNET_EXE" publish "$root/build/_build.csproj" -c Release --use-current-runtime --no-self-contained \
    -o "$new" -nologo -v quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false "$@" >"$compile_log" 2>&1
}

compile() {
  "$DOTNET_EXE" --version >/dev/null 2>&1 || install_sdk
  choose_packages
  case $source in gallery|compat) ;; *) say "PackageSource is '$source'; expected gallery or compat."; exit 1 ;; esac
  say "Compiling the build ($source packages) ..."
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
  fingerprint "$source" >"$stamp.new"
  touch -r "$temp/compiling" "$stamp.new"       # an edit made while we compiled counts as newer
  mv "$stamp.new" "$stamp"
  rm -f "$temp/compiling"
}

mkdir -p "$temp"
if is_stale; then
  # One compiles, the others wait and find it done.
  if command -v flock >/dev/null; then
    exec 9>"$temp/compile.lock"
    flock -n 9 || { say "Another run compiles the build; waiting for it ..."; flock 9; }
  fi
  if is_stale; then compile; fi
  exec 9>&-
fi

export NUKE_ROOT=${NUKE_ROOT:-$root}      # so that it can be called from anywhere
exec "$DOTNET_EXE" "$assembly" "$@"
