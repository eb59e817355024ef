# shellcheck shell=bash
# Secrets live in Secret Manager, and each function gets those that it uses. A key is made once; a new one is a new secret in front of the
# old, so that both are known for a while. What SECRETS names is made by its owner.

uses_api_keys() { case " $(identities | one_line) " in *' api-key '*) ;; *) return 1 ;; esac; }

# The secrets that are made where they are not there.
own_secrets() {
  # shellcheck disable=SC2086 # One word for each.
  printf '%s\n' $SIGNING_KEYS $ENCRYPTION_KEYS
  if uses_api_keys; then printf '%s\n' "$API_KEY" "$API_KEY-hash"; fi
}

# What SECRETS names, a line each, in one order whatever that of SECRETS: what it is to a function (a variable, or the path of a file), secret, version, functions.
other_secrets() {
  local entry target secret version users
  for entry in $SECRETS; do
    target=${entry%%=*} secret=${entry#*=} version=latest users=''
    case $secret in *@*) users=${secret#*@} secret=${secret%%@*} ;; esac
    case $secret in *:*) version=${secret#*:} secret=${secret%%:*} ;; esac
    if [ -z "$users" ]; then
      # A setting of the agent is for all functions, such as a database's password; anything else is for tools.
      case $target in A2A__Security__ApiKeys__*) users=MessageFunction ;; A2A__*) users=all ;; *) users=RunTaskFunction ;; esac
    fi
    if [ "$users" = all ]; then users=$functions; fi
    printf '%s %s %s %s\n' "$target" "$secret" "$version" "$(printf '%s' "$users" | tr ',' ' ')"
  done | LC_ALL=C sort
}

# Spells the names of settings in SECRETS canonically, and reports faults in it.
check_secrets() {
  local entry name target secret version users user spelled='' seen=' ' folders=' '
  for name in $SIGNING_KEYS $ENCRYPTION_KEYS $API_KEY; do
    is_like "$name" '[A-Za-z0-9_-]{1,250}' || fail "'$name' cannot be the name of a secret: use letters, digits, - and _."
  done
  for entry in $SECRETS; do
    is_like "$entry" '[^=]+=[A-Za-z0-9_-]{1,255}(:(latest|[1-9][0-9]*))?(@[A-Za-z,]+)?' ||
      fail "SECRETS has '$entry': write NAME=secret or /path/of/file=secret, and :version or @Function,Function behind it."
    target=${entry%%=*}
    case $target in
      /*)
        is_like "$target" '(/[A-Za-z0-9._-]+){2,}' || fail "SECRETS has '$target': write the path of a file in a folder of its own, such as /secrets/weather-key."
        case $target/ in */../* | */./* | /dev/* | /proc/* | /sys/* | /app/* | /workspace/* | /layers/* | /tmp/*) fail "SECRETS has '$target': a secret cannot be mounted there." ;; esac
        case $folders in *" ${target%/*} "*) fail "SECRETS has two files in ${target%/*}: Cloud Run mounts one secret in a folder." ;; esac
        folders="$folders${target%/*} "
        ;;
      *) check_secret_variable "$target" && target=$name ;;
    esac
    case $seen in *" $(printf '%s' "$target" | lower_case) "*) fail "SECRETS has $target twice." ;; esac
    seen="$seen$(printf '%s' "$target" | lower_case) "
    spelled="$spelled $target=${entry#*=}"
  done
  SECRETS=${spelled# }
  while read -r target secret version users; do
    for user in $users; do check_function "$user"; done
  done <<END
$(other_secrets)
END
}

# Puts the variable's spelling in $name.
check_secret_variable() {
  is_like "$1" '[A-Za-z_][A-Za-z0-9_]*' || fail "SECRETS has '$1': write the name of a variable, or the path of a file that begins with /."
  name_setting "$1" SECRETS
  case $name in
    A2A__Security__ApiKeys__Hashes__0) fail "SECRETS has $name, which comes from API_KEY: begin with A2A__Security__ApiKeys__Hashes__1." ;;
    A2A__Security__ApiKeys__Hashes__*) ;;
    A2A__Security__SigningKeys__* | A2A__Security__EncryptionKeys__*) fail "SECRETS has $name: name the secret in SIGNING_KEYS or ENCRYPTION_KEYS." ;;
    A2A__Security__*) fail "SECRETS has $name, which decides who may call and cannot be a secret." ;;
    Logging__* | GOOGLE_CLOUD_PROJECT | FUNCTION_* | PORT | K_* | DOTNET_* | ASPNETCORE_*) fail "SECRETS has $name, which cannot be a secret." ;;
  esac
  [ ! -e "$work/agent/$name" ] || fail "$name is set and in SECRETS: keep one of them."
}

# Which of the agent's keys a function uses.
uses() {
  case $1:$2 in
    # What is signed are cards and webhooks; MessageFunction serves the card as well.
    signing:AgentCardFunction | signing:MessageFunction | signing:NotifyFunction) ;;
    # Encrypted are the credentials of webhooks and the callers' access tokens.
    encryption:MessageFunction | encryption:RunTaskFunction | encryption:NotifyFunction) ;;
    api-keys:MessageFunction) uses_api_keys ;;
    *) return 1 ;;
  esac
}

# What a function reads, a line each: NAME=secret:version. The key itself of an API key is for people only.
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
  other_secrets | while read -r target secret version users; do
    case " $users " in *" $1 "*) printf '%s=%s:%s\n' "$target" "$secret" "$version" ;; esac
  done
}

# As gcloud takes it: what is not named is taken away.
secrets_flag() {
  local list
  list=$(secrets_of "$1" | tr '\n' ',')
  if [ -n "$list" ]; then printf -- '--set-secrets=%s' "${list%,}"; else printf -- --clear-secrets; fi
}

# Which accounts read which secrets, a line each: the accounts of the functions that get them.
readers() {
  local name
  for name in $functions; do secrets_of "$name" | sed "s/.*=//; s/:.*/ $(account_of "$name")/"; done | sort -u
}

# The names in SECRETS.
other_names() { other_secrets | cut -d ' ' -f 2 | sort -u; }

# Before anything is changed: what SECRETS names must be there.
find_other_secrets() {
  local name target version users
  if [ -z "$SECRETS" ]; then return; fi
  learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
  learned
  for name in $(other_names); do
    knows secrets "$name" || fail "SECRETS names $name, and $PROJECT has no such secret: gcloud secrets create $name --project=$PROJECT --data-file=FILE."
    learn_versions "$name"
  done
  learned
  other_secrets | while read -r target name version users; do check_version "SECRETS names" "$name" "$version"; done
}

# The versions of a secret, a line each: number|state. A secret without one is one whose making was interrupted.
learn_versions() {
  learn "versions-$1" secretmanager gcloud secrets versions list "$1" --project="$PROJECT" --format='csv[no-heading,separator="|"](name.basename(),state)'
}

has_version() { grep -qi '|enabled$' "$work/versions-$1" 2>/dev/null; }

# Of the keys that are there, functions read the latest version. One that nobody can read is not replaced: what it has encrypted would be lost.
check_own_secrets() {
  local name
  for name in $(own_secrets); do
    if has_version "$name"; then check_version "the functions read" "$name" latest; fi
  done
}

# A function does not start with a version that it cannot read: check_version WHO SECRET VERSION
check_version() {
  local state
  if [ "$3" = latest ]; then state=$(sort -rn "$work/versions-$2" | sed -n 1p); else state=$(grep "^$3|" "$work/versions-$2") || state=''; fi
  case $state in
    *\|ENABLED | *\|enabled) ;;
    '') if [ "$3" = latest ]; then state='no version'; else state="no version $3"; fi; fail "$1 $2, which has $state: gcloud secrets versions add $2 --project=$PROJECT --data-file=FILE." ;;
    *) fail "$1 $2, whose version ${state%|*} is $(printf '%s' "${state#*|}" | lower_case): gcloud secrets versions enable ${state%|*} --secret=$2 --project=$PROJECT, or name another version." ;;
  esac
}

# The secrets whose readers are looked after: those that are used, and those that the deployed functions have used.
concerned() { { own_secrets; other_names; deployed_secrets | cut -d '|' -f 3; } | sort -u; }

learn_secrets() {
  local name
  learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
  learned
  for name in $(concerned); do
    if ! knows secrets "$name"; then continue; fi
    learn_versions "$name"
    learn "readers-$name" secretmanager gcloud secrets get-iam-policy "$name" --project="$PROJECT" --flatten='bindings[].members' --format='csv[no-heading,separator=" "](bindings.role,bindings.members)'
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
    if knows secrets "$name"; then
      change gcloud secrets versions add "$name" --project="$PROJECT" --data-file="$work/value"
    else
      change gcloud secrets create "$name" --project="$PROJECT" --replication-policy=automatic --data-file="$work/value"
    fi
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

# Takes away what the agent's accounts need no longer, once no function asks for it.
disallow_readers() {
  local name reader
  step="Secrets that are used no longer"
  for name in $(concerned); do
    for reader in a2a-message a2a-worker a2a-notifier; do
      reader=$(account $reader)
      if knows readers "$name $reader"; then continue; fi
      if knows "readers-$name" "roles/secretmanager.secretAccessor serviceAccount:$reader"; then
        change gcloud secrets remove-iam-policy-binding "$name" --project="$PROJECT" --member="serviceAccount:$reader" --role=roles/secretmanager.secretAccessor
      fi
    done
  done
}
