# shellcheck shell=bash
# Keys live in Secret Manager. A key is made once; a new one is a new secret in front of the old, so that both are known for a while.

uses_api_keys() { grep -q '^A2A__Security__Identity__[0-9]*=api-key$' "$work/settings"; }

secrets() {
  # shellcheck disable=SC2086 # One word for each.
  printf '%s\n' $SIGNING_KEYS $ENCRYPTION_KEYS
  if uses_api_keys; then printf '%s\n' "$API_KEY" "$API_KEY-hash"; fi
}

# What functions read, as --set-secrets takes it: the key itself of an API key is for people only.
secret_references() {
  local name index=0 list=''
  for name in $SIGNING_KEYS; do list=$list,A2A__Security__SigningKeys__$index=$name:latest index=$((index + 1)); done
  index=0
  for name in $ENCRYPTION_KEYS; do list=$list,A2A__Security__EncryptionKeys__$index=$name:latest index=$((index + 1)); done
  if uses_api_keys; then list=$list,A2A__Security__ApiKeys__Hashes__0=$API_KEY-hash:latest; fi
  printf '%s' "${list#,}"
}

learn_secrets() {
  learn secrets secretmanager gcloud secrets list --project="$PROJECT" --format='value(name.basename())'
  learned
  local name
  for name in $(secrets); do
    if ! knows secrets "$name"; then continue; fi
    # A secret without a version is one whose making was interrupted.
    learn "version-$name" secretmanager gcloud secrets versions list "$name" --project="$PROJECT" --filter='state=ENABLED' --limit=1 --format='value(name.basename())'
    learn "readers-$name" secretmanager gcloud secrets get-iam-policy "$name" --project="$PROJECT" --flatten='bindings[].members' --format='csv[no-heading,separator=" "](bindings.role,bindings.members)'
  done
}

make_value() {
  local key
  case " $SIGNING_KEYS " in *" $1 "*)
    openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt
    return
    ;;
  esac
  case $1 in
    "$API_KEY") printf '%s' "$(openssl rand -hex 32)" ;;
    "$API_KEY-hash")
      key=$(gcloud secrets versions access latest --secret="$API_KEY" --project="$PROJECT")
      printf '%s' "$(printf '%s' "$key" | openssl dgst -sha256 -r | cut -c 1-64)"
      ;;
    *) printf '%s' "$(openssl rand -base64 32)" ;;
  esac
}

make_secrets() {
  local name reader
  step="Secrets"
  for name in $(secrets); do
    if [ ! -s "$work/version-$name" ]; then
      if [ "$dry_run" = false ]; then make_value "$name" >"$work/value"; fi
      if knows secrets "$name"; then
        change gcloud secrets versions add "$name" --project="$PROJECT" --data-file="$work/value"
      else
        change gcloud secrets create "$name" --project="$PROJECT" --replication-policy=automatic --data-file="$work/value"
      fi
      rm -f "$work/value"
    fi
    if [ "$name" = "$API_KEY" ]; then continue; fi
    for reader in a2a-message a2a-worker a2a-notifier; do
      if ! knows "readers-$name" "roles/secretmanager.secretAccessor serviceAccount:$(account $reader)"; then
        change gcloud secrets add-iam-policy-binding "$name" --project="$PROJECT" --member="serviceAccount:$(account $reader)" --role=roles/secretmanager.secretAccessor
      fi
    done
  done
}
