# shellcheck shell=bash
# What is deployed: --keep-settings takes it over, and otherwise up warns of what it is about to take away. Functions are services of
# Cloud Run, and are read as these.

# list_services NAME PATHS FORMAT: a line for each of what lies at the paths, in $work/NAME.
list_services() {
  learn "$1" run gcloud run services list --project="$PROJECT" --region="$REGION" --flatten="$2" --format="csv[no-heading,separator=\"|\"](metadata.name,$3)"
}

# The annotation with the most or least instances of a service: scale max|min
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
  for name in $functions; do
    if is_deployed "$name"; then learn_callers "$name"; fi
  done
  learned
}

# With the identity iam the program believes what Cloud Run has checked: somebody may have turned that off.
check_invoker_check() {
  case " $(identities | one_line) " in *' iam '*) ;; *) return ;; esac
  if grep -qi '^messagefunction|.*|true$' "$work/deployed-sizes"; then
    fail "Cloud Run does not check the callers of messagefunction (invoker-iam-disabled), and the identity iam relies on it: gcloud run services update messagefunction --region=$REGION --invoker-iam-check, or another --identity."
  fi
}

# Whether a function was there before.
is_deployed() { grep -q "^$(service_of "$1")|" "$work/deployed-sizes"; }

# The settings of the deployed agent that are no secrets, a line each: NAME|VALUE in base64.
deployed_settings() { sed -n -E 's/^messagefunction\|((A2A|a2a|Logging)[_:][^|]*\|[^|]*)\|\|$/\1/p' "$work/deployed-variables"; }

# The secrets that functions get now, a line each: service|NAME or path|secret|version.
deployed_secrets() {
  local service volume secret version path
  sed -n -E 's/^([^|]*\|[^|]*)\|[^|]*\|([^|]+\|[^|]*)$/\1|\2/p' "$work/deployed-variables"
  while IFS='|' read -r service volume secret version path; do
    if [ -z "$secret" ]; then continue; fi
    printf '%s|%s/%s|%s|%s\n' "$service" "$(sed -n "s#^$service|$volume|##p" "$work/deployed-mounts" | head -n 1)" "$path" "$secret" "$version"
  done <"$work/deployed-volumes"
}

# Of a list that is set, what is deployed is not added to it. keeps NAME
keeps() {
  local list
  case $1 in *__[0-9]*) list=${1%%__[0-9]*}__ ;; *) list='' ;; esac
  if is_set "$1" || { [ -n "$list" ] && grep -qi "^${list}[0-9]" "$work/set"; }; then return 1; fi
  # What up derives from another setting follows that one.
  case $1 in
    A2A__Http__RequestTimeLimit) ! is_set MESSAGE_TIMEOUT ;;
    A2A__GoogleCloud__DatabaseId) ! is_set DATABASE ;;
    A2A__PostgreSql__Host | A2A__Tasks__Store) ! uses_alloydb ;;
    A2A__Agent__CardUrl) ! is_set UNAUTHENTICATED && ! is_set PUBLIC_CARD ;;
    A2A__Limits__RefusalsPerSecond) ! is_set CONCURRENCY ;;
    A2A__Limits__OpenStreams | A2A__Limits__RequestsPerSecond | A2A__Limits__UnfinishedTasks) ! grep -q '^a2a__security__identity__' "$work/set" ;;
  esac
}

# keep NAME VALUE
keep() { if [ -n "$2" ] && ! is_set "$1"; then set_setting "$1" "$2" 'what is deployed'; fi; }

# Takes over the settings that are deployed and that neither the file nor a flag sets.
keep_settings() {
  local setting value name
  say "Keeping the deployed settings that neither the file nor a flag sets."
  learn_deployed
  # All of them are chosen before one is set: an element of a list must not keep the others out.
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
    case $service:$target in
      messagefunction:A2A__Security__SigningKeys__*) signing="$signing $secret" ;;
      messagefunction:A2A__Security__EncryptionKeys__*) encryption="$encryption $secret" ;;
      messagefunction:A2A__Security__ApiKeys__Hashes__0) keep API_KEY "${secret%-hash}" ;;
      *:A2A__Security__SigningKeys__* | *:A2A__Security__EncryptionKeys__* | *:A2A__Security__ApiKeys__Hashes__0) ;;
      *) for name in $functions; do if [ "$(service_of "$name")" = "$service" ]; then others="$others $target=$secret:$version@$name"; fi; done ;;
    esac
  done <"$work/deployed-secrets"
  keep SIGNING_KEYS "${signing# }"
  keep ENCRYPTION_KEYS "${encryption# }"
  # One entry for each: the functions of the same secret together.
  keep SECRETS "$(printf '%s\n' "$others" | tr ' ' '\n' | awk -F@ 'NF == 2 { users[$1] = users[$1] (users[$1] == "" ? "" : ",") $2 } END { for (entry in users) print entry "@" users[entry] }' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
}

# What is deployed and will not be any more. It is lost where a pipeline does not know what was set by hand.
warn_of_losses() {
  local setting value name lost='' now
  while IFS='|' read -r setting value; do
    name=$(canonical_name "${setting//:/__}") || name=$setting
    if [ ! -e "$work/agent/$name" ]; then lost="$lost $setting"; fi
  done <<END
$(deployed_settings)
END
  for name in $functions; do secrets_of "$name"; done | sed 's/=.*//' | sort -u >"$work/targets"
  for setting in $(deployed_secrets | cut -d '|' -f 2 | sort -u); do
    if ! knows targets "$setting"; then lost="$lost $setting"; fi
  done
  if [ -n "$lost" ]; then warn "these settings are deployed and neither the file nor a flag sets them: they are removed ($(printf '%s' "${lost# }" | sed 's/ /, /g')). --keep-settings keeps them."; fi

  now=$(identities | sort | one_line)
  for value in $(deployed_settings | sed -n -E 's/^[Aa]2[Aa](__|:)[Ss]ecurity(__|:)[Ii]dentity(__|:)[0-9]+\|//p'); do
    value=$(printf '%s' "$value" | openssl base64 -d -A | lower_case)
    case " $now " in *" $value "*) ;; *) warn "the deployed agent accepts the identity $value, and will accept $now only." ;; esac
  done
  for name in AgentCardFunction MessageFunction; do
    case " $(callers_of $name | one_line) " in *' allUsers '*) continue ;; esac
    if knows "callers-$(service_of $name)" 'roles/run.invoker allUsers'; then warn "everybody may call $name, and only who has Run Invoker will."; fi
  done
}
