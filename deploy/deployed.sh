# shellcheck shell=bash
# Reads the deployed settings: --keep-settings adopts them, and without it up warns of those that it is about to remove. Functions are read
# as the Cloud Run services that they are.

# Reads the services into files with lines: deployed-services (name|hash|memory|…), deployed-secrets (service|NAME or path|secret|version), and
# deployed-settings, the variables of MessageFunction without secrets (NAME=value, with the escapes of deploy/json.awk).
learn_services() {
  learn services run gcloud run services list --project="$PROJECT" --region="$REGION" --format=json
  learned
  : >"$work/deployed-secrets"
  : >"$work/deployed-settings"
  json '
    for (i = 0; (name = i ".metadata.name") in value; i++) {
      name = value[name]
      template = i ".spec.template."
      container = template "spec.containers.0."
      print name, value[i ".metadata.labels.a2a-deployed"], value[container "resources.limits.memory"], value[container "resources.limits.cpu"],
        value[template "spec.containerConcurrency"], value[template "spec.timeoutSeconds"],
        value[template "metadata.annotations.autoscaling.knative.dev/maxScale"], value[template "metadata.annotations.autoscaling.knative.dev/minScale"],
        value[i ".metadata.labels.goog-managed-by"], value[i ".metadata.annotations.run.googleapis.com/invoker-iam-disabled"]
      for (j = 0; (variable = container "env." j ".") "name" in value; j++) {
        secret = variable "valueFrom.secretKeyRef."
        if (secret "name" in value) print name, value[variable "name"], value[secret "name"], value[secret "key"] >(work "/deployed-secrets")
        else if (name == "messagefunction") print value[variable "name"] "=" value[variable "value"] >(work "/deployed-settings")
      }
      for (j = 0; (mount = container "volumeMounts." j ".") "name" in value; j++) folder[name, value[mount "name"]] = value[mount "mountPath"]
      for (j = 0; (volume = template "spec.volumes." j ".") "name" in value; j++)
        if (volume "secret.secretName" in value)
          print name, folder[name, value[volume "name"]] "/" value[volume "secret.items.0.path"], value[volume "secret.secretName"],
            value[volume "secret.items.0.key"] >(work "/deployed-secrets")
    }' -v OFS='|' -v work="$work" <"$work/services" >"$work/deployed-services"
}

learn_deployed() {
  local name
  if [ -e "$work/services" ]; then return; fi
  learn_services
  for name in $every_function; do
    if is_deployed "$name"; then learn_callers "$name"; fi
  done
  learned
}

# The identity iam relies on Cloud Run's check of the caller, which can be turned off per service.
check_invoker_check() {
  if accepts iam && grep -qi '^messagefunction|.*|true$' "$work/deployed-services"; then
    fail "Cloud Run does not check the callers of messagefunction (invoker-iam-disabled), but the identity iam relies on that check: run gcloud run services update messagefunction --region=$REGION --invoker-iam-check, or set another --identity."
  fi
}

# Whether a function is already deployed.
is_deployed() { lists deployed-services "$(service_of "$1")|"; }

# Lists the deployed agent's settings without secrets, as they are in deployed-settings.
deployed_settings() { grep -E '^((A2A|a2a|Logging)[_:]|OTEL_|[A-Za-z0-9_]+(__|:)[^=])' "$work/deployed-settings" || true; }

# Whether a deployed setting is kept: keeps NAME. A list in the file or the flags replaces the whole deployed list.
keeps() {
  local list secrets
  case $1 in *__[0-9]*) list=${1%%__[0-9]*}__ ;; *) list='' ;; esac
  if is_set "$1" || { [ -n "$list" ] && grep -qi "^${list}[0-9]" "$work/set"; }; then return 1; fi
  # Now from a secret.
  lower " ${SECRETS//$'\n'/ }"
  secrets=$lower
  lower "$1"
  case $secrets in *" $lower="*) return 1 ;; esac
  # up derives these from other settings; when the other one is set, derive it again.
  case $1 in
    A2A__Http__RequestTimeLimit) ! is_set MESSAGE_TIMEOUT ;;
    A2A__GoogleCloud__DatabaseId) ! is_set DATABASE ;;
    A2A__PostgreSql__IamLogin | A2A__PostgreSql__User | A2A__Tasks__Store) ! uses_alloydb ;;
    A2A__Agent__CallbackUrl) ! is_set CALLBACKS ;;
    A2A__Agent__GrpcUrl) ! is_set GRPC ;;
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
  deployed_settings | while IFS= read -r setting; do
    value=${setting#*=} setting=${setting%%=*}
    name=$(canonical_name "${setting//:/__}") || case $setting in [Aa]2[Aa]* | *[!A-Za-z0-9_.:-]*) continue ;; *) name=${setting//:/__} ;; esac
    if keeps "$name"; then printf '%s=%s\n' "$name" "$value"; fi
  done >"$work/kept"
  layer=deployed
  while IFS= read -r setting; do
    printf -v value %b "${setting#*=}"
    setting=${setting%%=*}
    # The server is the one that ALLOYDB names now.
    if [ "$setting" = A2A__PostgreSql__ConnectionString ] && uses_alloydb; then
      value=$(printf '%s' "$value" | sed 's/^Host=[^;]*;*//')
      if [ -z "$value" ]; then continue; fi
    fi
    set_setting "$setting" "$value" 'what is deployed'
  done <"$work/kept"
  if [ -e "$work/agent/A2A__GoogleCloud__DatabaseId" ]; then keep DATABASE "$(setting A2A__GoogleCloud__DatabaseId)"; fi
  keep_sizes
  keep_callers
  keep_secrets
}

keep_sizes() {
  local service hash memory cpu concurrency timeout most least manager unchecked
  while IFS='|' read -r service hash memory cpu concurrency timeout most least manager unchecked; do
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
  done <"$work/deployed-services"
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
  local service target secret version name signing='' encryption='' others='' count=0 new='' every=true
  for name in ${functions/ CallbackFunction/}; do if ! is_deployed "$name"; then every=false; fi; done
  for name in $every_function; do if is_deployed "$name"; then count=$((count + 1)); fi; done
  if [ "$CALLBACKS" = true ]; then new=CallbackFunction; fi
  while IFS='|' read -r service target secret version; do
    case $target in A2A__PostgreSql__User | A2A__PostgreSql__Password) if uses_iam_login; then continue; fi ;; esac
    case $service:$target in
      messagefunction:A2A__Security__SigningKeys__*) signing="$signing $secret" ;;
      messagefunction:A2A__Security__EncryptionKeys__*) encryption="$encryption $secret" ;;
      messagefunction:A2A__Security__ApiKeys__Hashes__0) keep API_KEY "${secret%-hash}" ;;
      *:A2A__Security__SigningKeys__* | *:A2A__Security__EncryptionKeys__* | *:A2A__Security__ApiKeys__Hashes__0) ;;
      *) for name in $every_function; do if [ "$(service_of "$name")" = "$service" ]; then others="$others $target=$secret:$version@$name"; fi; done ;;
    esac
  done <<END
$(LC_ALL=C sort "$work/deployed-secrets")
END
  keep SIGNING_KEYS "${signing# }"
  keep ENCRYPTION_KEYS "${encryption# }"
  # One entry per secret, naming the functions that get it. What all of them got goes to a new one too. CallbackFunction logs in to the database
  # as MessageFunction does.
  keep SECRETS "$(printf '%s\n' "$others" | tr ' ' '\n' | awk -F@ -v every="$every" -v count="$count" -v new="$new" '
    NF == 2 { users[$1] = users[$1] (users[$1] == "" ? "" : ",") $2; got[$1]++ }
    END {
      for (entry in users) {
        if (every == "true" && got[entry] == count) users[entry] = "all"
        else if (new != "" && entry ~ /^A2A__PostgreSql__/ && users[entry] ~ /MessageFunction/ && users[entry] !~ new) users[entry] = users[entry] "," new
        print entry "@" users[entry]
      }
    }' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"
}

# Warns of deployed settings that this deployment removes, such as those that were set by hand and that a pipeline does not have.
warn_of_losses() {
  local setting value name lost='' now
  for setting in $(deployed_settings | cut -d = -f 1); do
    name=$(canonical_name "${setting//:/__}") || name=${setting//:/__}
    if [ "$name" = A2A__PostgreSql__User ] && uses_iam_login; then continue; fi
    if [ ! -e "$work/agent/$name" ]; then lost="$lost $setting"; fi
  done
  for name in $functions; do secrets_of "$name"; done | sed 's/=.*//' | sort -u >"$work/targets"
  for setting in $(cut -d '|' -f 2 "$work/deployed-secrets" | sort -u); do
    if ! knows targets "$setting"; then lost="$lost $setting"; fi
  done
  if [ -n "$lost" ]; then warn "removing deployed settings that neither the file nor a flag sets: $(printf '%s' "${lost# }" | sed 's/ /, /g'). Use --keep-settings to keep them."; fi

  now=$(identities | sort | one_line)
  for value in $(deployed_settings | sed -n -E 's/^[Aa]2[Aa](__|:)[Ss]ecurity(__|:)[Ii]dentity(__|:)[0-9]+=//p' | lower_case); do
    case " $now " in *" $value "*) ;; *) warn "removing the identity $value, which the deployed agent accepts; it will accept $now only." ;; esac
  done
  if [ "$CALLBACKS" = false ] && is_deployed CallbackFunction; then warn "removing CallbackFunction, because CALLBACKS is not true; links that users have not used yet will not work."; fi
  for name in AgentCardFunction MessageFunction; do
    if ! is_open "$name" && knows "callers-$(service_of "$name")" 'roles/run.invoker allUsers'; then warn "closing $name, which everyone may call now; only members with Run Invoker may call it from now on."; fi
  done
}
