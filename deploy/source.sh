# shellcheck shell=bash
# The project to deploy, and the source that is uploaded for it.

# A project in this tree is built from the tree; any other project from its own folder and the packages that it references.
#   $source        the folder to upload: the tree, or a copy of the project's folder without build output
#   $source_shown  the folder to print for it
#   $project_path  the path of the project below it
source='' source_shown='' project_path=''

# Finds the project and validates it before the first change.
check_project_file() {
  local tree project folder path=${PROJECT_FILE%/}
  [ -e "$path" ] || fail "PROJECT_FILE is '$PROJECT_FILE': there is no such file or folder."
  project=$path
  if [ -d "$path" ]; then
    set -- "$path"/*.csproj
    [ -e "$1" ] || fail "PROJECT_FILE is '$PROJECT_FILE': that folder has no project (.csproj)."
    [ $# -eq 1 ] || fail "PROJECT_FILE is '$PROJECT_FILE': that folder has $# projects; name one of them."
    project=$1
  fi
  case $project in *.csproj) ;; *) fail "PROJECT_FILE is '$PROJECT_FILE': name a project (.csproj), or its folder." ;; esac
  folder=$(cd "$(dirname "$project")" && pwd -P)
  uses_functions "$folder/${project##*/}" || fail "PROJECT_FILE is '$PROJECT_FILE', but ${project##*/} does not reference the package ServerlessA2A.Functions: run dotnet add package ServerlessA2A.Functions."
  tree=$(cd "$here" && pwd -P)
  case $folder/ in
    "$tree"/*)
      source=$here source_shown=$here project_path=${folder#"$tree"/}
      if [ ! -d "$path" ]; then project_path=$project_path/${project##*/}; fi
      ;;
    *)
      if grep -qE 'Include="\.\.[/\\]' "$folder/${project##*/}"; then
        fail "PROJECT_FILE is '$PROJECT_FILE', but ${project##*/} references something outside its folder, and only the folder is uploaded: reference packages instead."
      fi
      source=$work/source source_shown=$folder project_path=${project##*/}
      ;;
  esac
  is_like "$project_path" '[A-Za-z0-9_./+-]+' || fail "PROJECT_FILE is '$PROJECT_FILE': the project's path may contain only letters, digits, and . _ + -."
}

# Whether a project references the functions: directly, through a project that it references, or through a Directory.Build file above it.
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
    if grep -qsF 'ServerlessA2A.Functions' "$folder"/Directory.Build.*; then return; fi
    folder=${folder%/*}
  done
  return 1
}

# Assembles the source and checks that it contains the project.
find_source() {
  if [ "$source" != "$here" ] && [ ! -d "$source" ]; then
    mkdir "$source"
    (cd "$source_shown" && tar -cf - --exclude bin --exclude obj --exclude .git --exclude .vs --exclude node_modules --exclude TestResults --exclude artifacts --exclude .env .) | tar -xf - -C "$source"
    if [ ! -e "$source/Dockerfile" ]; then cp "$here/Dockerfile" "$source/Dockerfile"; fi
  fi
  (cd "$source" && gcloud meta list-files-for-upload .) | LC_ALL=C sort >"$work/files"
  grep -qE "^$(printf '%s' "$project_path" | sed 's/[.+]/\\&/g')(/[^/]*\.csproj)?\$" "$work/files" ||
    fail "PROJECT_FILE is '$PROJECT_FILE', which $source_shown/.gcloudignore excludes from the upload: move the project, or change that file."
  # If the hash is unchanged, nothing is built.
  { printf '%s\n' "$project_path"; (cd "$source" && tr '\n' '\0' <"$work/files" | xargs -0 openssl dgst -sha256 -r); } | openssl dgst -sha256 -r | cut -c 1-64 >"$work/source-hash"
}

source_hash() { cat "$work/source-hash"; }
