#!/usr/bin/env bash
# Says which of Google's packages the tests of this tree were built with: the real ones or the stand-ins.
cd "$(dirname "$0")/.." || exit 1
built=tests/ServerlessA2A.GoogleCloud.Tests/bin/${CONFIGURATION:-Debug}/net10.0/Google.Cloud.Firestore.dll
if [ ! -e "$built" ]; then
  echo "Google's packages: not built"
elif grep -qa "Stand-in for a package of Google's" "$built"; then
  echo "Google's packages: stand-ins"
else
  echo "Google's packages: real"
fi
