# shellcheck shell=bash
# The alert policies of docs/operations.md in Cloud Monitoring, which are the files of deploy/alerts. ALERTS=false removes them.

alerts='runs-wait notifications-wait dead-letters errors slow-cards sweep-stopped'
# Those on the metrics of docs/telemetry.md. They are in PromQL, because a filter requires that its metric exists.
telemetry_alerts='tasks-fail runs-lost webhooks-late'
monitoring=https://monitoring.googleapis.com/v3

# Lists the existing policies, one per line: alert, hash, resource name.
learn_alerts() {
  : >"$work/alerts"
  if ! is_on monitoring; then return; fi
  persist "$work/policies" "$work/err" call GET "$monitoring/projects/$PROJECT/alertPolicies?pageSize=1000" || fail "the alert policies cannot be read: $(one_line <"$work/err")"
  json '
    for (i = 0; (policy = "alertPolicies." i ".") "name" in value; i++)
      if ((alert = policy "userLabels.a2a-alert") in value) print value[alert], value[policy "userLabels.a2a-deployed"], value[policy "name"]' \
    <"$work/policies" >"$work/alerts"
}

# Writes the wanted policies to $work/alert-NAME.json. Each is one line, because it is printed.
write_alerts() {
  local alert policy channel channels='' words
  for channel in ${ALERT_CHANNELS//,/ }; do
    case $channel in projects/*) ;; *) channel=projects/$PROJECT/notificationChannels/$channel ;; esac
    channels="$channels,\"$channel\""
  done
  for alert in $alerts; do
    read -r -d '' -a words <"$here/deploy/alerts/$alert.json" || true
    policy=${words[*]}
    printf '%s' "${policy/\"CHANNELS\"/${channels#,}}" >"$work/alert-$alert.json"
  done
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
  write_alerts
  while read -r hash alert; do
    alert=${alert##*/alert-} alert=${alert%.json} hash=${hash:0:40}
    if lists alerts "$alert $hash "; then continue; fi
    policy=$(<"$work/alert-$alert.json")
    printf '%s' "${policy/HASH/$hash}" >"$work/alert-$alert.json"
    policy=$(awk -v alert="$alert" '$1 == alert { print $3; exit }' "$work/alerts")
    if [ -n "$policy" ]; then
      change_api PATCH "$monitoring/$policy" "$work/alert-$alert.json"
    else
      change_api POST "$monitoring/projects/$PROJECT/alertPolicies" "$work/alert-$alert.json"
    fi
  done <<END
$(openssl dgst -sha256 -r "$work"/alert-*.json)
END
  # $step is empty once a policy was created or changed.
  if [ -z "$step$ALERT_CHANNELS" ]; then say "  Alerts notify nobody yet: set ALERT_CHANNELS (gcloud beta monitoring channels list)."; fi
}

delete_alerts() {
  local policy
  for policy in $(cut -d ' ' -f 3 "$work/alerts"); do change_api DELETE "$monitoring/$policy"; done
}
