# shellcheck shell=bash
# The alert policies of docs/operations.md in Cloud Monitoring. ALERTS=false removes them.

alerts='runs-wait notifications-wait dead-letters errors slow-cards sweep-stopped'
# Those on the metrics of docs/telemetry.md.
telemetry_alerts='tasks-fail runs-lost webhooks-late'
monitoring=https://monitoring.googleapis.com/v3

subscription() { printf 'resource.type="pubsub_subscription" AND metric.type="pubsub.googleapis.com/subscription/%s" AND resource.labels.subscription_id=monitoring.regex.full_match(".*(%s).*")' "$1" "$2"; }
requests() { printf 'resource.type="cloud_run_revision" AND metric.type="run.googleapis.com/%s" AND resource.labels.service_name="%s"' "$1" "$2"; }

# promql QUERY: a condition on metrics that need not exist yet, as a filter requires them to.
promql() { printf '"conditionPrometheusQueryLanguage":{"query":%s,"duration":"300s","evaluationInterval":"60s"}' "$(printf '%s' "$1" | json_string)"; }

# threshold FILTER ALIGNER VALUE DURATION [DENOMINATOR]: a condition on a metric aligned to five minutes.
threshold() {
  local aggregations
  aggregations=$(printf '[{"alignmentPeriod":"300s","perSeriesAligner":"%s"%s}]' "$2" "${5:+,\"crossSeriesReducer\":\"REDUCE_SUM\"}")
  printf '"conditionThreshold":{"filter":%s,"aggregations":%s' "$(printf '%s' "$1" | json_string)" "$aggregations"
  if [ -n "${5:-}" ]; then printf ',"denominatorFilter":%s,"denominatorAggregations":%s' "$(printf '%s' "$5" | json_string)" "$aggregations"; fi
  printf ',"comparison":"COMPARISON_GT","thresholdValue":%s,"duration":"%s"}' "$3" "$4"
}

# Sets $title, $condition and $remedy of an alert: describe_alert NAME
describe_alert() {
  case $1 in
    runs-wait)
      title='runs do not start'
      condition=$(threshold "$(subscription oldest_unacked_message_age runtaskfunction)" ALIGN_MAX 600 0s)
      remedy='A run request has been unacknowledged for 10 minutes: MAX_INSTANCES is reached, or RunTaskFunction fails.'
      ;;
    notifications-wait)
      title='notifications are not delivered'
      condition=$(threshold "$(subscription oldest_unacked_message_age notifyfunction)" ALIGN_MAX 1200 0s)
      remedy='A delivery request has been unacknowledged for 20 minutes: MAX_INSTANCES is reached, or NotifyFunction fails. A receiver that is down does not cause this.'
      ;;
    dead-letters)
      title='runs were dead-lettered'
      condition=$(threshold "$(subscription dead_letter_message_count runtaskfunction)" ALIGN_DELTA 0 0s)
      remedy='A run could not be started in 20 attempts. Its task is FAILED.'
      ;;
    errors)
      title='requests fail'
      condition=$(threshold "$(requests request_count messagefunction) AND metric.labels.response_code_class=\"5xx\"" ALIGN_RATE 0.01 300s "$(requests request_count messagefunction)")
      remedy='More than 1 % of the requests to MessageFunction fail: Firestore or Pub/Sub reject calls. The log names the cause.'
      ;;
    slow-cards)
      title='cards are slow'
      condition=$(threshold "$(requests request_latencies agentcardfunction)" ALIGN_PERCENTILE_95 2000 300s)
      remedy='5 % of the requests to AgentCardFunction take longer than 2 s: cold starts.'
      ;;
    sweep-stopped)
      title='the sweep has stopped'
      condition=$(printf '"conditionAbsent":{"filter":%s,"aggregations":[{"alignmentPeriod":"60s","perSeriesAligner":"ALIGN_RATE"}],"duration":"900s"}' \
        "$(printf '%s AND metric.labels.response_code_class="2xx"' "$(requests request_count sweepfunction)" | json_string)")
      remedy='SweepFunction has not succeeded for 15 minutes, so lost messages are not republished: check the Cloud Scheduler job a2a-sweep.'
      ;;
    tasks-fail)
      title='tasks fail'
      condition=$(promql 'sum(rate({"a2a.task.state_changes","a2a.task.state"="TASK_STATE_FAILED"}[15m])) / sum(rate({"a2a.task.created"}[15m])) > 0.1')
      remedy='More than 10 % of the tasks fail: the agent throws, or its model cannot be called. The log names the cause, under the id of the task.'
      ;;
    runs-lost)
      title='runs are lost'
      condition=$(promql 'sum(increase({"a2a.run.lease_losses","a2a.run.loss_reason"="expired"}[15m])) > 5')
      remedy='More than 5 runs in 15 minutes were taken over from instances that were lost: they run out of memory (MEMORY), or crash.'
      ;;
    webhooks-late)
      title='webhooks are late'
      condition=$(promql 'histogram_quantile(0.5, sum by (le) (rate({"a2a.webhook.lag_bucket"}[15m]))) > 60')
      remedy='Half of the events reach their webhooks more than a minute late: receivers fail, or NotifyFunction does not keep up (MAX_INSTANCES).'
      ;;
  esac
}

# Prints a policy as JSON: alert_policy NAME [HASH]
alert_policy() {
  local title condition remedy channel channels=''
  describe_alert "$1"
  for channel in $(printf '%s' "$ALERT_CHANNELS" | tr ',' ' '); do
    case $channel in projects/*) ;; *) channel=projects/$PROJECT/notificationChannels/$channel ;; esac
    channels="$channels,\"$channel\""
  done
  printf '{"displayName":"A2A: %s","combiner":"OR","userLabels":{"a2a-alert":"%s"%s},"documentation":{"content":%s,"mimeType":"text/markdown"},' \
    "$title" "$1" "${2:+,\"a2a-deployed\":\"$2\"}" "$(printf '%s' "$remedy" | json_string)"
  printf '"conditions":[{"displayName":"%s",%s}],"notificationChannels":[%s]}' "$title" "$condition" "${channels#,}"
}

# Lists the existing policies, one per line: alert, hash, resource name.
learn_alerts() {
  : >"$work/alerts"
  if ! is_on monitoring; then return; fi
  persist "$work/policies" "$work/err" call GET "$monitoring/projects/$PROJECT/alertPolicies?pageSize=1000" || fail "the alert policies cannot be read: $(one_line <"$work/err")"
  json 'csv[no-heading,separator=" "](alertPolicies.userLabels["a2a-alert"],alertPolicies.userLabels["a2a-deployed"],alertPolicies.name)' --flatten='alertPolicies[]' <"$work/policies" |
    grep '^[a-z]' >"$work/alerts" || true
}

make_alerts() {
  local alert hash policy
  step="Alerts"
  if [ "$ALERTS" = false ]; then
    delete_alerts
    return
  fi
  if exports_to_google; then
    alerts="$alerts $telemetry_alerts"
  else
    for alert in $telemetry_alerts; do
      for policy in $(sed -n "s/^$alert [^ ]* //p" "$work/alerts"); do change_api DELETE "$monitoring/$policy"; done
    done
  fi
  for alert in $alerts; do
    hash=$(alert_policy "$alert" | openssl dgst -sha256 -r | cut -c 1-40)
    if grep -q "^$alert $hash " "$work/alerts"; then continue; fi
    alert_policy "$alert" "$hash" >"$work/alert-$alert.json"
    policy=$(sed -n "s/^$alert [^ ]* //p" "$work/alerts" | head -n 1)
    if [ -n "$policy" ]; then
      change_api PATCH "$monitoring/$policy" "$work/alert-$alert.json"
    else
      change_api POST "$monitoring/projects/$PROJECT/alertPolicies" "$work/alert-$alert.json"
    fi
  done
  # $step is empty once a policy was created or changed.
  if [ -z "$step$ALERT_CHANNELS" ]; then say "  Alerts notify nobody yet: set ALERT_CHANNELS (gcloud beta monitoring channels list)."; fi
}

delete_alerts() {
  local policy
  for policy in $(cut -d ' ' -f 3 "$work/alerts"); do change_api DELETE "$monitoring/$policy"; done
}
