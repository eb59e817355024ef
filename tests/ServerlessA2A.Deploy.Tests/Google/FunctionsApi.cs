using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Functions, and what is made with one: its service, its trigger, and the subscription of that.</summary>
internal static class FunctionsApi
{
    public static void Serve(FakeGoogle google)
    {
        google.On("cloudfunctions", "GET", "/v2/{parent}/runtimes", _ => new JsonObject
        {
            ["runtimes"] = new JsonArray(new JsonObject { ["name"] = "dotnet10", ["environment"] = "GEN_2" }),
        });
        google.On("cloudfunctions", "GET", "/v2/{parent}/functions", call => google.Resources.List(call.Parent + "/functions"));
        google.On("cloudfunctions", "GET", "/v2/{parent}/functions/{id}", call =>
            google.Resources.Get($"{call.Parent}/functions/{call["id"]}").DeepClone());
        google.On("cloudfunctions", "POST", "/v2/{parent}/functions:generateUploadUrl", call => new JsonObject
        {
            ["uploadUrl"] = "http://storage.googleapis.com/upload/source.zip",
            ["storageSource"] = new JsonObject { ["bucket"] = "gcf-v2-uploads", ["object"] = "source.zip" },
        });
        google.On("storage", "PUT", "/upload/source.zip", call =>
        {
            google.FunctionSource = call.Content;
            return new JsonObject();
        });
        google.On("cloudfunctions", "POST", "/v2/{parent}/functions", call =>
        {
            var function = (JsonObject)call.Body.DeepClone();
            Require(google, function);
            google.Resources.Add($"{call.Parent}/functions/{call.Query("functionId")}", function);
            Complete(google, call.Parent, call.Query("functionId")!, function);
            return FakeGoogle.Done(function, call.Parent + "/");
        });
        google.On("cloudfunctions", "PATCH", "/v2/{parent}/functions/{id}", call =>
        {
            var function = google.Resources.Get($"{call.Parent}/functions/{call["id"]}");
            Require(google, call.Body);
            foreach (var path in call.Query("updateMask")!.Split(','))
                Update(function, call.Body, [.. path.Split('.').Select(CamelCase)]);
            Complete(google, call.Parent, call["id"], function);
            return FakeGoogle.Done(function, call.Parent + "/");
        });
        google.On("cloudfunctions", "DELETE", "/v2/{parent}/functions/{id}", call =>
        {
            var trigger = $"{google.Resources.Get($"{call.Parent}/functions/{call["id"]}")["eventTrigger"]?["trigger"]}";
            google.Resources.Remove($"{call.Parent}/functions/{call["id"]}");
            google.Resources.Remove($"{call.Parent}/services/{call["id"].ToLowerInvariant()}");
            google.Policies.Forget($"{call.Parent}/services/{call["id"].ToLowerInvariant()}");
            if (trigger.Length > 0)
            {
                google.Resources.Remove($"{google.Resources.Get(trigger)["transport"]!["pubsub"]!["subscription"]}");
                google.Resources.Remove(trigger);
            }

            return FakeGoogle.Done(below: call.Parent + "/");
        });
        google.On("cloudfunctions", "GET", "/v2/{parent}/operations/{id}", _ => FakeGoogle.Done());
        google.On("eventarc", "GET", "/v1/{parent}/triggers", call => google.Resources.List(call.Parent + "/triggers"));
    }

    /// <summary>Replaces what a field mask names, and nothing beside it.</summary>
    private static void Update(JsonObject resource, JsonObject? update, ReadOnlySpan<string> path)
    {
        if (path is [var name, _, ..])
            Update((JsonObject)(resource[name] ??= new JsonObject()), update?[name] as JsonObject, path[1..]);
        else
            resource[path[0]] = update?[path[0]]?.DeepClone();
    }

    /// <summary>Masks may spell fields in snake case.</summary>
    private static string CamelCase(string field) => string.Concat(field.Split('_').Select((word, index) =>
        index == 0 || word.Length == 0 ? word : char.ToUpperInvariant(word[0]) + word[1..]));

    /// <summary>A function is a service of Cloud Run, which has what the function has.</summary>
    private static JsonObject Service(JsonObject function)
    {
        var (volumes, mounts) = (new JsonArray(), new JsonArray());
        foreach (var volume in function["secretVolumes"] as JsonArray ?? [])
        {
            var file = volume!["versions"]![0]!;
            var name = $"{volume["secret"]}-volume";
            volumes.Add(new JsonObject
            {
                ["name"] = name,
                ["secret"] = new JsonObject
                {
                    ["secretName"] = volume["secret"]!.DeepClone(),
                    ["items"] = new JsonArray(
                    new JsonObject { ["key"] = file["version"]!.DeepClone(), ["path"] = $"{file["path"]}".TrimStart('/') }),
                },
            });
            mounts.Add(new JsonObject { ["name"] = name, ["mountPath"] = volume["mountPath"]!.DeepClone() });
        }

        var environment = (function["environmentVariables"] as JsonObject ?? [])
            .Select(each => new JsonObject { ["name"] = each.Key, ["value"] = each.Value!.DeepClone() })
            .Concat((function["secretEnvironmentVariables"] as JsonArray ?? []).Select(each => new JsonObject
            {
                ["name"] = each!["key"]!.DeepClone(),
                ["valueFrom"] =
                new JsonObject
                {
                    ["secretKeyRef"] = new JsonObject
                    {
                        ["name"] = each["secret"]!.DeepClone(),
                        ["key"] = each["version"]!.DeepClone()
                    }
                },
            }));
        return new JsonObject
        {
            ["metadata"] = new JsonObject { ["labels"] = new JsonObject { ["goog-managed-by"] = "cloudfunctions" } },
            ["spec"] = new JsonObject
            {
                ["template"] = new JsonObject
                {
                    ["metadata"] = new JsonObject
                    {
                        ["annotations"] = new JsonObject
                        {
                            ["autoscaling.knative.dev/maxScale"] = $"{function["maxInstanceCount"] ?? 100}",
                            ["autoscaling.knative.dev/minScale"] = $"{function["minInstanceCount"] ?? 0}",
                        },
                    },
                    ["spec"] = new JsonObject
                    {
                        ["containerConcurrency"] = function["maxInstanceRequestConcurrency"]?.DeepClone(),
                        ["timeoutSeconds"] = function["timeoutSeconds"]?.DeepClone(),
                        ["volumes"] = volumes,
                        ["containers"] = new JsonArray(new JsonObject
                        {
                            ["env"] = new JsonArray([.. environment]),
                            ["volumeMounts"] = mounts,
                            ["resources"] = new JsonObject
                            {
                                ["limits"] = new JsonObject
                                {
                                    ["memory"] = function["availableMemory"]?.DeepClone(),
                                    ["cpu"] = function["availableCpu"]?.DeepClone()
                                },
                            },
                        }),
                    },
                },
            },
        };
    }

    /// <summary>What a deployment fails without.</summary>
    private static void Require(FakeGoogle google, JsonObject function)
    {
        var service = function["serviceConfig"]!;
        Runs.Require(
            google, $"{service["serviceAccountEmail"]}", from secret in (service["secretEnvironmentVariables"] as JsonArray ?? [])
            .Concat(service["secretVolumes"] as JsonArray ?? [])
                                                         select $"{secret!["secret"]}");
        _ = google.Resources.Get($"{function["buildConfig"]!["serviceAccount"]}");
        if (function["eventTrigger"] is { } trigger)
        {
            _ = google.Resources.Get($"{trigger["pubsubTopic"]}");
            _ = google.Resources.Get($"projects/{google.Project}/serviceAccounts/{trigger["serviceAccountEmail"]}");
        }
    }

    private static void Complete(FakeGoogle google, string parent, string id, JsonObject function)
    {
        var name = id.ToLowerInvariant();
        function["state"] = "ACTIVE";
        function["environment"] = "GEN_2";
        function["serviceConfig"]!["uri"] = $"https://{name}-abcdef-ez.a.run.app";
        function["serviceConfig"]!["service"] = $"{parent}/services/{name}";
        var run = google.Resources.Find($"{parent}/services/{name}") ?? google.Resources.Add($"{parent}/services/{name}", []);
        var knative = Service((JsonObject)function["serviceConfig"]!);
        Runs.RequireClosed(google, $"{parent}/services/{name}", RunApi.Identities(knative));
        run["knative"] = knative;
        if (function["eventTrigger"] is not JsonObject trigger || google.Resources.Find($"{parent}/triggers/{name}-123456") is not null)
            return;
        trigger["trigger"] = $"{parent}/triggers/{name}-123456";
        var subscription = $"projects/{google.Project}/subscriptions/eventarc-{google.Region}-{name}-123456-sub-789";
        google.Resources.Add($"{parent}/triggers/{name}-123456", new JsonObject
        {
            ["destination"] = new JsonObject { ["cloudFunction"] = $"{parent}/functions/{id}" },
            ["transport"] =
            new JsonObject
            {
                ["pubsub"] = new JsonObject
                {
                    ["topic"] = trigger["pubsubTopic"]!.DeepClone(),
                    ["subscription"] = subscription
                }
            },
        });
        google.Resources.Add(subscription, new JsonObject
        {
            ["topic"] = trigger["pubsubTopic"]!.DeepClone(),
            ["ackDeadlineSeconds"] = 10,
            ["retryPolicy"] = new JsonObject { ["minimumBackoff"] = "10s", ["maximumBackoff"] = "600s" },
            ["messageRetentionDuration"] = "86400s",
        });
    }
}
