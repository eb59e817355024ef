# shellcheck shell=bash
# Topics, who may publish to them, how subscriptions deliver, and the minute's sweep.

topics='a2a-tasks a2a-notifications a2a-sweep a2a-dead'
pubsub_agent() { printf 'service-%s@gcp-sa-pubsub.iam.gserviceaccount.com' "$number"; }

publishers_of() {
  case $1 in
    a2a-tasks) account a2a-message; printf ' '; account a2a-worker ;;
    a2a-notifications) account a2a-message; printf ' '; account a2a-worker; printf ' '; account a2a-notifier ;;
    # NotifyFunction puts there what it gives up, Pub/Sub what RunTaskFunction refused too often.
    a2a-dead) account a2a-notifier; printf ' '; pubsub_agent ;;
  esac
}

learn_pubsub() {
  local topic
  learn topics pubsub gcloud pubsub topics list --project="$PROJECT" --format='value(name.basename())'
  learn jobs cloudscheduler gcloud scheduler jobs list --project="$PROJECT" --location="$REGION" \
    --format='csv[no-heading,separator="|"](name.basename(),schedule,pubsubTarget.topicName.basename())'
  learned
  for topic in a2a-tasks a2a-notifications a2a-dead; do
    if knows topics "$topic"; then
      learn "publishers-$topic" pubsub gcloud pubsub topics get-iam-policy "$topic" --project="$PROJECT" --flatten='bindings[].members' --format='csv[no-heading,separator=" "](bindings.role,bindings.members)'
    fi
  done
}

make_topics() {
  local topic publisher
  step="Pub/Sub"
  for topic in $topics; do
    if ! knows topics "$topic"; then change gcloud pubsub topics create "$topic" --project="$PROJECT"; fi
    for publisher in $(publishers_of "$topic"); do
      if ! knows "publishers-$topic" "roles/pubsub.publisher serviceAccount:$publisher"; then
        change gcloud pubsub topics add-iam-policy-binding "$topic" --project="$PROJECT" --member="serviceAccount:$publisher" --role=roles/pubsub.publisher
      fi
    done
  done
}

learn_subscriptions() {
  learn subscriptions pubsub gcloud pubsub subscriptions list --project="$PROJECT" \
    --format='csv[no-heading,separator="|"](name.basename(),ackDeadlineSeconds,retryPolicy.minimumBackoff,retryPolicy.maximumBackoff,deadLetterPolicy.deadLetterTopic.basename(),deadLetterPolicy.maxDeliveryAttempts)'
}

# How messages come to a function: set_delivery FUNCTION SUBSCRIPTION. A sweep that fails is the next minute's.
set_delivery() {
  local wanted='600|10s|600s||'
  if [ "$1" = SweepFunction ]; then return; fi
  set -- "$1" "$2" --ack-deadline=600 --min-retry-delay=10s --max-retry-delay=600s
  if [ "$1" = RunTaskFunction ]; then
    wanted='600|10s|600s|a2a-dead|20'
    # More than the five attempts that the agent counts itself, so that Pub/Sub gives up last.
    set -- "$@" --dead-letter-topic=a2a-dead --max-delivery-attempts=20
  fi
  if ! knows subscriptions "$2|$wanted"; then change gcloud pubsub subscriptions update "$2" --project="$PROJECT" "${@:3}"; fi
}

# Pub/Sub takes a dead letter from the subscription in its own name.
allow_dead_letters() {
  learn subscribers pubsub gcloud pubsub subscriptions get-iam-policy "$1" --project="$PROJECT" --flatten='bindings[].members' --format='csv[no-heading,separator=" "](bindings.role,bindings.members)'
  learned
  if ! knows subscribers "roles/pubsub.subscriber serviceAccount:$(pubsub_agent)"; then
    change gcloud pubsub subscriptions add-iam-policy-binding "$1" --project="$PROJECT" --member="serviceAccount:$(pubsub_agent)" --role=roles/pubsub.subscriber
  fi
}

make_sweep() {
  if knows jobs 'a2a-sweep|* * * * *|a2a-sweep'; then return; fi
  local verb=create
  if grep -q '^a2a-sweep|' "$work/jobs"; then verb=update; fi
  step="The sweep, every minute"
  change gcloud scheduler jobs $verb pubsub a2a-sweep --project="$PROJECT" --location="$REGION" --schedule='* * * * *' --topic=a2a-sweep --message-body='{}'
}
