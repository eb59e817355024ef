# shellcheck shell=bash
# Reads the deployed settings: --keep-settings adopts them, and without it up warns of those that it is about to remove. Functions are read
# as the Cloud Run services that they are.

# list_services NAME PATHS FORMAT: writes one line per element at the paths to $work/NAME.
list_services() {
  learn "$1" run gcloud run services list --project="$PROJECT" --region="$REGION" --flatten="$2" --format="csv[no-heading,separator=\"|\"](metadata.name,$3)"
}

# The annotation with the maximum or minimum number of instances: scale max|min
scale() { printf 'spec.template.metadata.annotations["autoscaling.knative.dev/%sScale"]' "$1"; }

learn_deployed() {
  local variable=spec.template.spec.containers.env volume=spec.template.spec.volumes limits=spec.template.spec.containers.resources.limits name
  if [ -e "$work/deployed-sizes" ]; then return; fi
  list_services deployed-variables 'spec.template.spec.containers[].env[]' \
    "$variable.name,$variable.value.encode(base64),$variable.valueFrom.secretKeyRef.name,$variable.valueFrom.secretKeyRef.key"
  list_services deployed-volumes 'spec.template.spec.volumes[]' \
    "$volume.name,$volume.secret.secretName,$volume.secret.items[0].key,$volume.secret.items[0].path"
  list_services deployed-mounts 'spec.template.spec.containers[].volumeMounts[]' \
    'spec.template.spec.containers.volumeMounts.name,spec.template.spec.containers.volumeMounts.mountPath'
  list_services deployed-sizes 'spec.template.spec.containers[]' \
    "$limits.memory,$limits.cpu,spec.template.spec.containerConcurrency,spec.template.spec.timeoutSeconds,$(scale max),$(scale min),metadata.labels[\"goog-managed-by\"],metadata.annotations[\"run.googleapis.com/invoker-iam-disabled\"]"
  learned
  for name in $every_function; do
    if is_deployed "$name"; then learn_callers "$name"; fi
  done
  learned
}

# The identity iam relies on Cloud Run's check of the caller, which can be turned off per service.
check_invoker_check() {
  case " $(identities | one_line) " in *' iam '*) ;; *) return ;; esac
  if grep -qi '^messagefunction|.*|true$' "$work/deployed-sizes"; then
    fail "Cloud Run does not check the callers of messagefunction (invoker-iam-disabled), but the identity iam relies on that check: run gcloud run services update messagefunction --region=$REGION --invoker-iam-check, or set another --identity."
  fi
}

# Whether a function is already deployed.
is_deployed() { grep -q "^$(service_of "$1")|" "$work/deployed-sizes"; }

# Lists the deployed agent's settings without secrets, one per line: NAME|VALUE in base64.
deployed_settings() { sed -n -E 's/^messagefunction\|((A2A|a2a|Logging)[_:][^|]*\|[^|]*)\|\|$/\1/p' "$work/deployed-variables"; }

# Lists the secrets of the deployed functions, one per line: service|NAME or path|secret|version.
deployed_secrets() {
  local service volume secret version path
  sed -n -E 's/^([^|]*\|[^|]*)\|[^|]*\|([^|]+\|[^|]*)$/\1|\2/p' "$work/deployed-variables"
  while IFS='|' read -r service volume secret version path; do
    if [ -z "$secret" ]; then continue; fi
    printf '%s|%s/%s|%s|%s\n' "$service" "$(sed -n "s#^$service|$volume|##p" "$work/deployed-mounts" | head -n 1)" "$path" "$secret" "$version"
  done <"$work/deployed-volumes"
}

# Whether a deployed setting is kept: keeps NAME. A list in the file or the flags replaces the whole deployed list.
keeps() {
  local list
  case $1 in *__[0-9]*) list=${1%%__[0-9]*}__ ;; *) list='' ;; esac
  if is_set "$1" || { [ -n "$list" ] && grep -qi "^${list}[0-9]" "$work/set"; }; then return 1; fi
  # up derives these from other settings; when the other one is set, derive it again.
  case $1 in
    A2A__Http__RequestTimeLimit) ! is_set MESSAGE_TIMEOUT ;;
    A2A__GoogleCloud__DatabaseId) ! is_set DATABASE ;;
    A2A__PostgreSql__Host | A2A__PostgreSql__IamLogin | A2A__PostgreSql__User | A2A__Tasks__Store) ! uses_alloydb ;;
    A2A__Agent__CallbackUrl) ! is_set CALLBACKS ;;
    A2A__Agent__CardUrl) ! is_set UNAUTHENTICATED && ! is_set PUBLIC_CARD ;;
    A2A__Limits__OpenStreams | A2A__Limits__RequestsPerSecond | A2A__Limits__UnfinishedTasks) ! grep -q '^a2a__security__identity__' "$work/set" ;;
  esac
}

# keep NAME VALUE
keep() { if [ -n "$2" ] && ! is_set "$1"; then set_setting "$1" "$2" 'what is deployed'; fi; }

# Adopts the deployed settings that neither the file nor a flag sets.
keep_settings() {
  local setting value name
  say "Keeping the deployed settings that neither the file nor a flag sets."
  learn_deployed
  # Select all before setting the first: setting one element of a list would make keeps reject the others.
  deployed_settings | while IFS='|' read -r setting value; do
    name=$(canonical_name "${setting//:/__}") || case $setting in Logging__*) name=$setting ;; *) continue ;; esac
    if keeps "$name"; then printf '%s|%s\n' "$name" "$value"; fi
  done >"$work/kept"
  layer=deployed
  while IFS='|' read -r setting value; do
    set_setting "$setting" "$(printf '%s' "$value" | openssl base64 -d -A)" 'what is deployed'
  done <"$work/kept"
  if [ -e "$work/agent/A2A__GoogleCloud__DatabaseId" ]; then keep DATABASE "$(setting A2A__GoogleCloud__DatabaseId)"; fi
  keep_sizes
  keep_callers
  keep_secrets
}

keep_sizes() {
  local service memory cpu concurrency timeout most least manager unchecked
  while IFS='|' read -r service memory cpu concurrency timeout most least manager unchecked; do
    if [ "$service" = runtaskfunction ]; then keep WORKER_CONCURRENCY "$concurrency"; fi
    if [ "$service" != messagefunction ]; then continue; fi
    case $cpu in *000m) cpu=${cpu%000m} ;; esac
    keep MEMORY "$memory"
    keep CPU "$cpu"
    keep CONCURRENCY "$concurrency"
    keep MESSAGE_TIMEOUT "$timeout"
    keep MAX_INSTANCES "$most"
    keep MIN_INSTANCES "$least"
    if [ "$manager" != cloudfunctions ]; then keep CONTAINER true; fi
  done <"$work/deployed-sizes"
}

keep_callers() {
  if is_deployed CallbackFunction; then keep CALLBACKS true; fi
  if knows callers-messagefunction 'roles/run.invoker allUsers'; then
    keep UNAUTHENTICATED true
  elif knows callers-agentcardfunction 'roles/run.invoker allUsers'; then
    keep PUBLIC_CARD true
  fi
}

keep_secrets() {
  local service target secret version name signing='' encryption='' others=''
  deployed_secrets | LC_ALL=C sort -u >"$work/deployed-secrets"
  while IFS='|' read -r service target secret version; do
    case $target in A2A__PostgreSql__User | A2A__PostgreSql__Password) if uses_iam_login; then continue; fi ;; esac
    case $service:$target in
      messagefunction:A2A__Security__SigningKeys__*) signing="$signing $secret" ;;
      messagefunction:A2A__Security__EncryptionKeys__*) encryption="$encryption $secret" ;;
      messagefunction:A2A__Security__ApiKeys__Hashes__0) keep API_KEY "${secret%-hash}" ;;
      *:A2A__Security__SigningKeys__* | *:A2A__Security__EncryptionKeys__* | *:A2A__Security__ApiKeys__Hashes__0) ;;
      *) for name in $every_function; do if [ "$(service_of "$name")" = "$service" ]; then others="$others $target=$secret:$version@$name"; fi; done ;;
    esac
  done <"$work/deployed-secrets"
  keep SIGNING_KEYS "${signing# }"
  keep ENCRYPTION_KEYS "${encryption# }"
  # One entry per secret, naming all functions that get it.
  keep SECRETS "$(printf '%s\n' "$others" | tr ' ' '\n' | awk -F@ 'NF == 2 { users[$1] = users[$1] (users[$1] == "" ? "" : ",") $2 } END { for (entry in users) print entry "@" users[entry] }' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
}

# Warns of deployed settings that this deployment removes, such as those that were set by hand and that a pipeline does not have.
warn_of_losses() {
  local setting value name lost='' now
  while IFS='|' read -r setting value; do
    name=$(canonical_name "${setting//:/__}") || name=$setting
    if [ "$name" = A2A__PostgreSql__User ] && uses_iam_login; then continue; fi
    if [ ! -e "$work/agent/$name" ]; then lost="$lost $setting"; fi
  done <<END
$(deployed_settings)
END
  for name in $functions; do secrets_of "$name"; done | sed 's/=.*//' | sort -u >"$work/targets"
  for setting in $(deployed_secrets | cut -d '|' -f 2 | sort -u); do
    if ! knows targets "$setting"; then lost="$lost $setting"; fi
  done
  if [ -n "$lost" ]; then warn "removing deployed settings that neither the file nor a flag sets: $(printf '%s' "${lost# }" | sed 's/ /, /g'). Use --keep-settings to keep them."; fi

  now=$(identities | sort | one_line)
  for value in $(deployed_settings | sed -n -E 's/^[Aa]2[Aa](__|:)[Ss]ecurity(__|:)[Ii]dentity(__|:)[0-9]+\|//p'); do
    value=$(printf '%s' "$value" | openssl base64 -d -A | lower_case)
    case " $now " in *" $value "*) ;; *) warn "removing the identity $value, which the deployed agent accepts; it will accept $now only." ;; esac
  done
  if [ "$CALLBACKS" = false ] && is_deployed CallbackFunction; then warn "removing CallbackFunction, because CALLBACKS is not true; links that users have not used yet will not work."; fi
  for name in AgentCardFunction MessageFunction; do
    case " $(callers_of $name | one_line) " in *' allUsers '*) continue ;; esac
    if knows "callers-$(service_of $name)" 'roles/run.invoker allUsers'; then warn "closing $name, which everyone may call now; only members with Run Invoker may call it from now on."; fi
  done
}
