# shellcheck shell=bash
# Containers instead of functions: one image, one service per function, and subscriptions that push to the services.

# Image names spell the colon of a project id such as example.com:my-project as a slash.
repository() { printf '%s-docker.pkg.dev/%s/a2a' "$REGION" "${PROJECT/://}"; }

learn_containers() {
  learn repositories artifactregistry gcloud artifacts repositories list --project="$PROJECT" --location="$REGION" --format='csv[no-heading,separator="|"](name.basename(),description)'
  learn_subscriptions
}

# The tag is the hash of the source, so that the same source is built once.
build_image() {
  image=$(repository)/agent:$(source_hash | cut -c 1-20)
  step="Image"
  if ! lists repositories 'a2a|'; then
    change gcloud artifacts repositories create a2a --project="$PROJECT" --location="$REGION" --repository-format=docker --description="ServerlessA2A"
  else
    # Listing fails with "not found" while the repository holds no image.
    if ! persist "$work/images" "$work/err" gcloud artifacts docker tags list "$(repository)/agent" --project="$PROJECT" --filter="tag:${image##*:}" --format='value(tag)'; then
      grep -qiE 'not.found|404' "$work/err" || fail "the images in $(repository) cannot be read: $(one_line <"$work/err")"
    fi
    if [ -s "$work/images" ]; then return; fi
  fi
  change gcloud builds submit "$source" --project="$PROJECT" --config="$here/deploy/container-build.yaml" \
    --substitutions="_IMAGE=$image,_ACCOUNT=a2a-builder@$account_domain,_PROJECT_FILE=$project_path" --suppress-logs
}

deploy_containers() {
  local name
  step="Services"
  for name in $1; do deploy_container "$name"; done
}

deploy_container() {
  local name=$1 hash service
  service=$(service_of "$name")
  environment_file "$work/environment.yaml" "$name"
  add_database_user "$work/environment.yaml" "$name"
  set -- --image="$image" --service-account="$(account_of "$name")" "$(secrets_flag "$name")" \
    --memory="$MEMORY" --cpu="$CPU" --max-instances="$MAX_INSTANCES"
  case $name in
    MessageFunction) set -- "$@" --timeout="$MESSAGE_TIMEOUT" --concurrency="$CONCURRENCY" --min-instances="$MIN_INSTANCES" "$(http2_flag)" ;;
    AgentCardFunction | CallbackFunction) set -- "$@" --timeout=60 --concurrency="$CONCURRENCY" --min-instances=0 ;;
    *) set -- "$@" --timeout=540 --concurrency="$WORKER_CONCURRENCY" --min-instances=0 ;;
  esac
  # shellcheck disable=SC2046 # One flag for each word.
  if [ "$name" != AgentCardFunction ]; then set -- "$@" $(network_flags service); fi
  hash=$(hash_of "$work/environment.yaml" "$@")
  if lists deployed-services "$service|$hash|"; then return; fi
  if ! is_deployed "$name"; then set -- "$@" --no-allow-unauthenticated; fi
  change gcloud run deploy "$service" --project="$PROJECT" --region="$REGION" "$@" --env-vars-file="$work/environment.yaml" --labels="a2a-deployed=$hash"
}

# gRPC needs HTTP/2 from end to end, over which MessageFunction then gets everything else too.
http2_flag() { if [ -n "$(grpc_setting)" ]; then printf '%s' --use-http2; else printf '%s' --no-use-http2; fi; }

# The push address ends in the topic's path, from which the Functions Framework derives the topic.
connect_containers() {
  local name topic subscription
  for name in $1; do
    topic=$(topic_of "$name")
    if [ -z "$topic" ]; then continue; fi
    subscription=$topic-$(service_of "$name")
    if ! lists subscriptions "$subscription|"; then
      change gcloud pubsub subscriptions create "$subscription" --project="$PROJECT" --topic="$topic" --expiration-period=never --message-retention-duration="$retention" \
        --push-endpoint="$(address_of "$name")/projects/$PROJECT/topics/$topic" \
        --push-auth-service-account="a2a-trigger@$account_domain" --push-auth-token-audience="$(address_of "$name")"
      if [ "$dry_run" = true ]; then continue; fi
    fi
    set_delivery "$name" "$subscription"
    if [ "$name" = RunTaskFunction ]; then allow_dead_letters "$subscription"; fi
  done
}
