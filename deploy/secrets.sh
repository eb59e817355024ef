# shellcheck shell=bash
# Secrets are in Secret Manager, and each function gets only those that it uses. up creates a key once; to rotate it, name a new secret after
# the old one, so that both are accepted, and later before it (docs/operations.md). The secrets in SECRETS are created by their owner.

# The secrets that up creates if they are missing.
own_secrets() {
  # shellcheck disable=SC2086 # One word for each.
  printf '%s\n' $SIGNING_KEYS $ENCRYPTION_KEYS
  if accepts api-key; then printf '%s\n' "$API_KEY" "$API_KEY-hash"; fi
}

# Lists SECRETS, one per line and sorted: target (a variable, or the path of a file), secret, version, functions.
other_secrets() {
  local entry target secret version users
  for entry in $SECRETS; do
    target=${entry%%=*} secret=${entry#*=} version=latest users=''
    case $secret in *@*) users=${secret#*@} secret=${secret%%@*} ;; esac
    case $secret in *:*) version=${secret#*:} secret=${secret%%:*} ;; esac
    if [ -z "$users" ]; then
      # Settings of the agent go to all functions; other secrets are for tools.
      case $target in
        A2A__Security__ApiKeys__*) users=MessageFunction ;;
        # What serves the card needs the database's user, to start, but not its password.
        A2A__PostgreSql__Password) users=${functions/ AgentCardFunction/} ;;
        A2A__*) users=all ;;
        *) users=RunTaskFunction ;;
      esac
    fi
    if [ "$users" = all ]; then users=$functions; fi
    printf '%s %s %s %s\n' "$target" "$secret" "$version" "${users//,/ }"
  done | LC_ALL=C sort
}

# Validates SECRETS and converts the names of settings in it to their canonical spelling.
check_secrets() {
  local entry name target secret version users user spelled='' seen=' ' folders=' '
  for name in $SIGNING_KEYS $ENCRYPTION_KEYS $API_KEY; do
    is_like "$name" '[A-Za-z0-9_-]{1,250}' || fail "'$name' is not a valid name of a secret: use letters, digits, - and _."
  done
  for entry in $SECRETS; do
    is_like "$entry" '[^=]+=[A-Za-z0-9_-]{1,255}(:(latest|[1-9][0-9]*))?(@[A-Za-z,]+)?' ||
      fail "SECRETS has '$entry': use NAME=secret or /path/of/file=secret, optionally followed by :version and @Function,Function."
    target=${entry%%=*}
    case $target in
      /*)
        is_like "$target" '(/[A-Za-z0-9._-]+){2,}' || fail "SECRETS has '$target': use the path of a file in a folder of its own, such as /secrets/weather-key."
        case $target/ in */../* | */./* | /dev/* | /proc/* | /sys/* | /app/* | /workspace/* | /layers/* | /tmp/*) fail "SECRETS has '$target': a secret cannot be mounted there." ;; esac
        case $folders in *" ${target%/*} "*) fail "SECRETS has two files in ${target%/*}: Cloud Run mounts one secret per folder; use another folder." ;; esac
        folders="$folders${target%/*} "
        ;;
      *) check_secret_variable "$target" && target=$name ;;
    esac
    lower "$target"
    case $seen in *" $lower "*) fail "SECRETS has $target twice." ;; esac
    seen="$seen$lower "
    spelled="$spelled $target=${entry#*=}"
  done
  SECRETS=${spelled# }
  other_secrets >"$work/other-secrets"
  while read -r target secret version users; do
    for user in $users; do check_function "$user"; done
  done <"$work/other-secrets"
}

# Validates a variable of SECRETS and sets $name to its canonical spelling.
check_secret_variable() {
  is_like "$1" '[A-Za-z_][A-Za-z0-9_-]*' || fail "SECRETS has '$1': use the name of a variable, or the path of a file that begins with /."
  name_setting "$1" SECRETS
  case $name in
    A2A__Security__ApiKeys__Hashes__0) fail "SECRETS has $name, which comes from API_KEY: start at A2A__Security__ApiKeys__Hashes__1." ;;
    A2A__Security__ApiKeys__Hashes__* | A2A__Security__TokenExchange__ClientSecret) ;;
    A2A__Security__SigningKeys__* | A2A__Security__EncryptionKeys__*) fail "SECRETS has $name: name the secret in SIGNING_KEYS or ENCRYPTION_KEYS." ;;
    A2A__Security__*) fail "SECRETS has $name, which controls access and cannot be a secret: set it in the file." ;;
    Logging__* | GOOGLE_CLOUD_PROJECT | FUNCTION_* | PORT | K_* | DOTNET_* | ASPNETCORE_*) fail "SECRETS has $name, which cannot be a secret: the platform or the script sets it, or it belongs in the file." ;;
  esac
  [ ! -e "$work/agent/$name" ] || fail "$name is both set and in SECRETS: remove one of them."
}

# Whether a function uses a kind of key: uses KIND FUNCTION
uses() {
  case $1:$2 in
    # Cards and webhooks are signed; MessageFunction serves the card as well.
    signing:AgentCardFunction | signing:MessageFunction | signing:NotifyFunction) ;;
    # Webhooks' credentials and callers' access tokens are encrypted.
    encryption:MessageFunction | encryption:RunTaskFunction | encryption:NotifyFunction) ;;
    # The states of callbacks are signed with a key derived from an encryption key.
    encryption:CallbackFunction) ;;
    api-keys:MessageFunction) accepts api-key ;;
    *) return 1 ;;
  esac
}

# Lists the secrets that a function reads, one per line: NAME=secret:version. Functions get only the hash of an API key.
secrets_of() {
  local key index=0 target secret version users
  if uses signing "$1"; then
    for key in $SIGNING_KEYS; do printf 'A2A__Security__SigningKeys__%s=%s:latest\n' $index "$key"; index=$((index + 1)); done
  fi
  index=0
  if uses encryption "$1"; then
    for key in $ENCRYPTION_KEYS; do printf 'A2A__Security__EncryptionKeys__%s=%s:latest\n' $index "$key"; index=$((index + 1)); done
  fi
  if uses api-keys "$1"; then printf 'A2A__Security__ApiKeys__Hashes__0=%s-hash:latest\n' "$API_KEY"; fi
  while read -r target secret version users; do
    case " $users " in *" $1 "*) printf '%s=%s:%s\n' "$target" "$secret" "$version" ;; esac
  done <"$work/other-secrets"
}

# Prints gcloud's flag, which removes the secrets that it does not name.
secrets_flag() {
  local list
  list=$(secrets_of "$1")
  if [ -n "$list" ]; then printf -- '--set-secrets=%s' "${list//$'\n'/,}"; else printf -- --clear-secrets; fi
}

# Lists the secrets and the accounts that read them, one pair per line.
readers() {
  local name reader secret
  for name in $functions; do
    reader=$(account_of "$name")
    for secret in $(secrets_of "$name"); do
      secret=${secret#*=}
      printf '%s %s\n' "${secret%%:*}" "$reader"
    done
  done | sort -u
}

# The names in SECRETS.
other_names() { cut -d ' ' -f 2 "$work/other-secrets" | sort -u; }

# Checks, before the first change, that the secrets in SECRETS exist.
find_other_secrets() {
  local name target version users
  if [ -z "$SECRETS" ]; then return; fi
  learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
  learned
  for name in $(other_names); do
    knows secrets "$name" || fail "SECRETS names $name, but $PROJECT has no such secret: run gcloud secrets create $name --project=$PROJECT --data-file=FILE."
    learn_versions "$name"
  done
  learned
  while read -r target name version users; do check_version "SECRETS names" "$name" "$version"; done <"$work/other-secrets"
}

# Lists the versions of a secret, one per line: number|state. A secret without versions is left from an interrupted deployment.
learn_versions() {
  get_access_token
  learn "versions-$1" secretmanager versions "$1"
}

versions() {
  call GET "https://secretmanager.googleapis.com/v1/projects/$PROJECT/secrets/$1/versions?pageSize=25000" | json '
    for (i = 0; (version = "versions." i ".") "name" in value; i++) {
      id = value[version "name"]
      sub(/.*\//, "", id)
      print id "|" value[version "state"]
    }'
}

# Whether a secret has a version whose content is not destroyed.
has_version() { grep -qiE '\|(enabled|disabled)$' "$work/versions-$1" 2>/dev/null; }

# Checks the latest version of each existing key, which is what functions read. A version that cannot be read is an error and never replaced:
# everything encrypted with it would be lost.
check_own_secrets() {
  local name
  for name in $(own_secrets); do
    if has_version "$name"; then check_version "the functions read" "$name" latest; fi
  done
}

# Fails if a version cannot be read, because a function would not start with it: check_version SUBJECT SECRET VERSION
check_version() {
  local state
  if [ "$3" = latest ]; then state=$(sort -rn "$work/versions-$2" | sed -n 1p); else state=$(grep "^$3|" "$work/versions-$2") || state=''; fi
  case $state in
    *\|ENABLED | *\|enabled) ;;
    '') if [ "$3" = latest ]; then state='no version'; else state="no version $3"; fi; fail "$1 $2, which has $state: run gcloud secrets versions add $2 --project=$PROJECT --data-file=FILE." ;;
    *) fail "$1 $2, whose version ${state%|*} is $(printf '%s' "${state#*|}" | lower_case): run gcloud secrets versions enable ${state%|*} --secret=$2 --project=$PROJECT, or name another version." ;;
  esac
}

# The secrets whose readers up manages: those in use, and those that the deployed functions used so far.
concerned() { { own_secrets; other_names; cut -d '|' -f 3 "$work/deployed-secrets"; } | sort -u; }

learn_secrets() {
  local name
  if [ ! -s "$work/secrets" ]; then
    learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
    learned
  fi
  for name in $(concerned); do
    if ! knows secrets "$name"; then continue; fi
    learn_versions "$name"
    learn_policy "readers-$name" secretmanager "projects/$PROJECT/secrets/$name"
  done
}

make_value() {
  case " $SIGNING_KEYS " in *" $1 "*)
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt
    return
    ;;
  esac
  case $1 in
    "$API_KEY") printf '%s' "$(openssl rand -hex 32)" ;;
    "$API_KEY-hash")
      persist "$work/api-key" "$work/err" gcloud secrets versions access latest --secret="$API_KEY" --project="$PROJECT" || fail "the secret $API_KEY cannot be read: $(one_line <"$work/err")"
      printf '%s' "$(tr -d '\n' <"$work/api-key" | openssl dgst -sha256 -r | cut -c 1-64)"
      ;;
    *) printf '%s' "$(openssl rand -base64 32)" ;;
  esac
}

make_secrets() {
  local name
  step="Secrets"
  for name in $(own_secrets); do
    if has_version "$name"; then continue; fi
    if [ "$dry_run" = false ]; then make_value "$name" >"$work/value"; fi
    # In two steps: a create with the value that is repeated finds the secret, and would leave it without a version.
    if ! knows secrets "$name"; then change gcloud secrets create "$name" --project="$PROJECT" --replication-policy=automatic; fi
    change gcloud secrets versions add "$name" --project="$PROJECT" --data-file="$work/value"
    rm -f "$work/value"
  done
  allow_readers
}

allow_readers() {
  local name reader
  readers >"$work/readers"
  while read -r name reader; do
    if ! knows "readers-$name" "roles/secretmanager.secretAccessor serviceAccount:$reader"; then
      change gcloud secrets add-iam-policy-binding "$name" --project="$PROJECT" --member="serviceAccount:$reader" --role=roles/secretmanager.secretAccessor
    fi
  done <"$work/readers"
}

# Revokes access that the agent's accounts no longer need, after the deployment.
disallow_readers() {
  local name reader
  step="Access to secrets that is no longer needed"
  for name in $(concerned); do
    for reader in a2a-message a2a-worker a2a-notifier; do
      reader=$reader@$account_domain
      if knows readers "$name $reader"; then continue; fi
      if knows "readers-$name" "roles/secretmanager.secretAccessor serviceAccount:$reader"; then
        change gcloud secrets remove-iam-policy-binding "$name" --project="$PROJECT" --member="serviceAccount:$reader" --role=roles/secretmanager.secretAccessor
      fi
    done
  done
}
