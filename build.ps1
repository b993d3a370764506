# Compiles the build when something under build\ is newer than the compiled build, then runs it. build.ps1 --help
# The environment variable PackageSource (gallery or compat) says what the build is compiled against; default: gallery.

$ErrorActionPreference = "Stop"
$root = $PSScriptRoot
$temp = Join-Path $root ".nuke/temp"
$assembly = Join-Path $root "build/bin/run/_build.dll"
$stamp = Join-Path $temp "compiled"
$env:DOTNET_CLI_TELEMETRY_OPTOUT = 1
$env:DOTNET_NOLOGO = 1
$env:NUKE_TELEMETRY_OPTOUT = 1
if (-not $env:DOTNET_EXE) { $env:DOTNET_EXE = "dotnet" }

New-Item -ItemType Directory -Force $temp | Out-Null
$sources = Get-ChildItem (Join-Path $root "build") -Recurse -File | Where-Object { $_.FullName -notmatch "[\\/](bin|obj)[\\/]" }
$sources += Get-Item (Join-Path $root "Directory.*.props"), (Join-Path $root "global.json")
$newest = ($sources | Measure-Object LastWriteTimeUtc -Maximum).Maximum
$fresh = (Test-Path $assembly) -and (Test-Path $stamp) -and ((Get-Item $stamp).LastWriteTimeUtc -ge $newest)

if (-not $fresh) {
    if (Test-Path $assembly) { Write-Host "Compiling the build ..." }
    else { Write-Host "The first run: restoring the packages of the build and compiling it. That takes minutes, once ..." }
    $started = Get-Date
    & $env:DOTNET_EXE publish (Join-Path $root "build/_build.csproj") -c Release --use-current-runtime --no-self-contained -p:PublishReadyToRun=true -o (Join-Path $root "build/bin/run") -nologo -v quiet -clp:NoSummary -nodeReuse:false -p:UseSharedCompilation=false -p:RunAnalyzers=false
    if ($LASTEXITCODE -ne 0) { exit $LASTEXITCODE }
    Set-Content $stamp ""
    (Get-Item $stamp).LastWriteTime = $started
}

& $env:DOTNET_EXE $assembly $args
exit $LASTEXITCODE
