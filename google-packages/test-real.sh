#!/usr/bin/env bash
# Builds and tests this tree with Google's packages from a folder feed.
#
#   google-packages/test-real.sh FEED [arguments of dotnet test]
#   google-packages/test-real.sh --stand-ins [arguments of dotnet test]
#
# FEED holds the .nupkg files of the packages and versions that Directory.Packages.props names, and of what they depend on where the
# configured feeds lack it. --stand-ins packs the stand-ins under the ids of the real packages and uses them: a test of this script.
#
# Works in a copy of the tree with a package folder of its own, so that no other build finds what FEED holds.
set -euo pipefail

if [ $# -eq 0 ]; then
  sed -n '2,5s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi
root=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export NUGET_PACKAGES="$work/packages" DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

mkdir "$work/tree"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | while IFS= read -r -d '' file; do
  [ ! -e "$file" ] || printf '%s\0' "$file"
done | tar -c --null -T -) | tar -x -C "$work/tree"
cd "$work/tree"

if [ "$1" = --stand-ins ]; then
  feed="$work/feed"
  for project in google-packages/Google.*/; do
    dotnet pack "$project" -o "$feed" -p:GooglePackages=false -p:IsPackable=true -v:q
  done
  # The stand-ins are not to be found beside the packages.
  find google-packages \( -name bin -o -name obj \) -prune -exec rm -rf {} +
else
  feed=$(cd "$1" && pwd)
fi
shift

missing=0
while read -r id version; do
  if [ -z "$(find "$feed" -iname "$id.$version.nupkg" -print -quit)" ]; then
    echo "$feed has no $id.$version.nupkg" >&2
    missing=1
  fi
done < <(sed -n 's/.*Include="\(Google\.Cloud\.[^"]*\)" Version="\([^"]*\)".*/\1 \2/p' Directory.Packages.props)
[ "$missing" -eq 0 ] || exit 1

export GooglePackages=true RestoreAdditionalProjectSources="$feed"
dotnet build ServerlessA2A.sln -v:q
google-packages/world.sh
dotnet test ServerlessA2A.sln --no-build "$@"
google-packages/world.sh
