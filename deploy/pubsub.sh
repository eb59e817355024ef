# shellcheck shell=bash
# Topics and their publishers, the delivery settings of subscriptions, and the job that starts the sweep every minute.

topics='a2a-tasks a2a-notifications a2a-sweep a2a-dead'
# How long Pub/Sub retains a message for a failing function: 7 days, instead of Eventarc's 24 hours.
retention=604800s

publishers_of() {
  case $1 in
    a2a-tasks | a2a-notifications) printf '%s\n' "a2a-message@$account_domain" "a2a-worker@$account_domain" ;;
    # NotifyFunction publishes deliveries that it gave up, Pub/Sub the run requests that exceeded their delivery attempts.
    a2a-dead) printf '%s\n' "a2a-notifier@$account_domain" "$pubsub_agent" ;;
  esac
}

learn_pubsub() {
  local topic
  learn topics pubsub gcloud pubsub topics list --project="$PROJECT" --format='value(name.basename())'
  learn jobs cloudscheduler gcloud scheduler jobs list --project="$PROJECT" --location="$(scheduler_region)" \
    --format='csv[no-heading,separator="|"](name.basename(),schedule,pubsubTarget.topicName.basename())'
  learned
  for topic in a2a-tasks a2a-notifications a2a-dead; do
    if knows topics "$topic"; then
      learn_policy "publishers-$topic" pubsub "projects/$PROJECT/topics/$topic"
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
        if [ "$publisher" = "$pubsub_agent" ]; then make_agent pubsub "$PROJECT"; fi
        change gcloud pubsub topics add-iam-policy-binding "$topic" --project="$PROJECT" --member="serviceAccount:$publisher" --role=roles/pubsub.publisher
      fi
    done
  done
}

learn_subscriptions() {
  learn subscriptions pubsub gcloud pubsub subscriptions list --project="$PROJECT" \
    --format='csv[no-heading,separator="|"](name.basename(),ackDeadlineSeconds,retryPolicy.minimumBackoff,retryPolicy.maximumBackoff,deadLetterPolicy.deadLetterTopic.basename(),deadLetterPolicy.maxDeliveryAttempts,messageRetentionDuration)'
}

# Configures a function's subscription: set_delivery FUNCTION SUBSCRIPTION. SweepFunction is left out: a failed sweep needs no redelivery,
# because the next one starts within a minute.
set_delivery() {
  local wanted="600|10s|600s|||$retention"
  if [ "$1" = SweepFunction ]; then return; fi
  set -- "$1" "$2" --ack-deadline=600 --min-retry-delay=10s --max-retry-delay=600s --message-retention-duration="$retention"
  if [ "$1" = RunTaskFunction ]; then
    wanted="600|10s|600s|a2a-dead|20|$retention"
    # Well above the five attempts that the agent counts itself, so that the agent fails the task before Pub/Sub gives up.
    set -- "$@" --dead-letter-topic=a2a-dead --max-delivery-attempts=20
  fi
  if ! knows subscriptions "$2|$wanted"; then change gcloud pubsub subscriptions update "$2" --project="$PROJECT" "${@:3}"; fi
}

# Pub/Sub's service agent moves dead letters and needs the subscriber role for that.
allow_dead_letters() {
  learn_policy subscribers pubsub "projects/$PROJECT/subscriptions/$1"
  learned
  if ! knows subscribers "roles/pubsub.subscriber serviceAccount:$pubsub_agent"; then
    change gcloud pubsub subscriptions add-iam-policy-binding "$1" --project="$PROJECT" --member="serviceAccount:$pubsub_agent" --role=roles/pubsub.subscriber
  fi
}

# The region of the sweep's job: the agent's region, or the nearest one that has Cloud Scheduler. Valid after find_scheduler.
scheduler_region() { printf '%s' "${SCHEDULER_REGION:-$REGION}"; }

# Finds that region, if Cloud Scheduler's API is enabled.
find_scheduler() {
  local nearest
  if [ -n "${scheduler_found:-}" ] || ! is_on cloudscheduler; then return; fi
  scheduler_found=true
  persist "$work/scheduler-regions" "$work/err" gcloud scheduler locations list --project="$PROJECT" --format='value(locationId)' ||
    fail "the regions of Cloud Scheduler cannot be read: $(one_line <"$work/err")"
  if knows scheduler-regions "$(scheduler_region)"; then return; fi
  [ -z "$SCHEDULER_REGION" ] || fail "SCHEDULER_REGION is $SCHEDULER_REGION, which has no Cloud Scheduler: set one of $(one_line <"$work/scheduler-regions")."
  nearest=$(nearest_region "$REGION" "$work/scheduler-regions")
  [ -n "$nearest" ] || fail "$REGION has no Cloud Scheduler: set SCHEDULER_REGION to one of $(one_line <"$work/scheduler-regions")."
  say "$REGION has no Cloud Scheduler: creating the sweep's job in $nearest."
  SCHEDULER_REGION=$nearest
}

# nearest_region REGION FILE: the region in the file that is nearest by the coordinates in deploy/regions.txt.
nearest_region() {
  awk -v region="$1" '
    function radians(degrees) { return degrees * 3.14159265 / 180 }
    NR == FNR { latitude[$1] = radians($2); longitude[$1] = radians($3); next }
    ($1 in latitude) && (region in latitude) {
      # The haversine: it grows with the distance, which is enough for a comparison.
      a = sin((latitude[$1] - latitude[region]) / 2); b = sin((longitude[$1] - longitude[region]) / 2)
      d = a * a + cos(latitude[$1]) * cos(latitude[region]) * b * b
      if (nearest == "" || d < shortest) { shortest = d; nearest = $1 }
    }
    END { print nearest }' "$here/deploy/regions.txt" "$2"
}

make_sweep() {
  if knows jobs 'a2a-sweep|* * * * *|a2a-sweep'; then return; fi
  local verb=create
  if lists jobs 'a2a-sweep|'; then verb=update; fi
  step="The sweep, every minute"
  change gcloud scheduler jobs $verb pubsub a2a-sweep --project="$PROJECT" --location="$(scheduler_region)" --schedule='* * * * *' --topic=a2a-sweep --message-body='{}'
}
