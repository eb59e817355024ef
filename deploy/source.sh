# shellcheck shell=bash
# The project that is deployed, and the source that is uploaded for it.

# A project of this tree is built from the tree; another one from its own folder, with the packages that it references.
#   $source        the folder that is uploaded: the tree, or a copy of the project's folder without what builds leave behind
#   $source_shown  the folder as it is printed
#   $project_path  the project below it
source='' source_shown='' project_path=''

# Finds the project, and reports faults in it, before anything is changed.
check_project_file() {
  local tree project folder path=${PROJECT_FILE%/}
  [ -e "$path" ] || fail "PROJECT_FILE is '$PROJECT_FILE': there is no such file or folder."
  project=$path
  if [ -d "$path" ]; then
    set -- "$path"/*.csproj
    [ -e "$1" ] || fail "PROJECT_FILE is '$PROJECT_FILE': there is no project (.csproj) in that folder."
    [ $# -eq 1 ] || fail "PROJECT_FILE is '$PROJECT_FILE': there are $# projects in that folder; name one of them."
    project=$1
  fi
  case $project in *.csproj) ;; *) fail "PROJECT_FILE is '$PROJECT_FILE': name a project (.csproj), or its folder." ;; esac
  folder=$(cd "$(dirname "$project")" && pwd -P)
  uses_functions "$folder/${project##*/}" || fail "PROJECT_FILE is '$PROJECT_FILE', and ${project##*/} does not reference the package ServerlessA2A.Functions: dotnet add package ServerlessA2A.Functions."
  tree=$(cd "$here" && pwd -P)
  case $folder/ in
    "$tree"/*)
      source=$here source_shown=$here project_path=${folder#"$tree"/}
      if [ ! -d "$path" ]; then project_path=$project_path/${project##*/}; fi
      ;;
    *)
      if grep -qE 'Include="\.\.[/\\]' "$folder/${project##*/}"; then
        fail "PROJECT_FILE is '$PROJECT_FILE', and ${project##*/} references something outside its folder, which alone is uploaded: reference packages instead."
      fi
      source=$work/source source_shown=$folder project_path=${project##*/}
      ;;
  esac
  is_like "$project_path" '[A-Za-z0-9_./+-]+' || fail "PROJECT_FILE is '$PROJECT_FILE': the name of a project that is deployed has letters, digits, and . _ + - only."
}

# Whether a project references the functions: itself, by a project that it references, or by a Directory.Build file above it.
uses_functions() {
  local folder=${1%/*} reference
  if grep -qF 'ServerlessA2A.Functions' "$1"; then return; fi
  while IFS= read -r reference; do
    reference=$folder/$(printf '%s' "$reference" | tr '\\' /)
    if [ -f "$reference" ] && uses_functions "$reference"; then return; fi
  done <<END
$(sed -n 's/.*<ProjectReference[^>]*Include="\([^"]*\)".*/\1/p' "$1")
END
  while [ -n "$folder" ]; do
    if cat "$folder"/Directory.Build.* 2>/dev/null | grep -qF 'ServerlessA2A.Functions'; then return; fi
    folder=${folder%/*}
  done
  return 1
}

# Puts the source together, and checks that the project is in it.
find_source() {
  if [ "$source" != "$here" ] && [ ! -d "$source" ]; then
    mkdir "$source"
    (cd "$source_shown" && tar -cf - --exclude bin --exclude obj --exclude .git --exclude .vs --exclude node_modules --exclude TestResults --exclude artifacts --exclude .env .) | tar -xf - -C "$source"
    if [ ! -e "$source/Dockerfile" ]; then cp "$here/Dockerfile" "$source/Dockerfile"; fi
  fi
  (cd "$source" && gcloud meta list-files-for-upload .) | LC_ALL=C sort >"$work/files"
  grep -qE "^$(printf '%s' "$project_path" | sed 's/[.+]/\\&/g')(/[^/]*\.csproj)?\$" "$work/files" ||
    fail "PROJECT_FILE is '$PROJECT_FILE', which .gcloudignore leaves out of the source: move the project, or change $source_shown/.gcloudignore."
  # The same hash means that nothing has to be built.
  { printf '%s\n' "$project_path"; (cd "$source" && tr '\n' '\0' <"$work/files" | xargs -0 openssl dgst -sha256 -r); } | openssl dgst -sha256 -r | cut -c 1-64 >"$work/source-hash"
}

source_hash() { cat "$work/source-hash"; }
