:; set -e
:; exec "$(cd "$(dirname "$0")" && pwd)/build.sh" "$@"
:; exit $?

@ECHO OFF
powershell -ExecutionPolicy ByPass -NoProfile -File "%~dp0build.ps1" %*
