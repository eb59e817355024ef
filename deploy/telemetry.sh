# shellcheck shell=bash
# Traces and metrics in Cloud Trace and Cloud Monitoring (docs/telemetry.md), and the dashboard of deploy/dashboard.json.

dashboards=https://monitoring.googleapis.com/v1

# Whether traces and metrics go to Google Cloud.
exports_to_google() { is_like "$(setting A2A__Telemetry__Endpoint)" 'https://telemetry\.([a-z0-9-]+\.)*googleapis\.com(:443)?/?'; }

# Lists the existing dashboard of the agent: hash, resource name.
learn_dashboard() {
  : >"$work/dashboard"
  if ! is_on monitoring; then return; fi
  persist "$work/dashboards" "$work/err" call GET "$dashboards/projects/$PROJECT/dashboards?pageSize=1000" || fail "the dashboards cannot be read: $(one_line <"$work/err")"
  json '
    for (i = 0; (name = "dashboards." i ".name") in value; i++)
      if ((hash = "dashboards." i ".labels.a2a-deployed") in value) print value[hash], value[name]' <"$work/dashboards" >"$work/dashboard"
}

make_dashboard() {
  local hash
  if ! exports_to_google; then return; fi
  step="Dashboard"
  hash=$(openssl dgst -sha256 -r <"$here/deploy/dashboard.json" | cut -c 1-40)
  if lists dashboard "$hash "; then return; fi
  # Replaced rather than updated, which would need the version that was read.
  delete_dashboard
  sed "s/HASH/$hash/" "$here/deploy/dashboard.json" | tr -d '\n' | sed 's/  */ /g' >"$work/dashboard.json"
  change_api POST "$dashboards/projects/$PROJECT/dashboards" "$work/dashboard.json"
}

delete_dashboard() {
  local dashboard
  for dashboard in $(cut -d ' ' -f 2 "$work/dashboard"); do change_api DELETE "$dashboards/$dashboard"; done
}
