using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>The project itself: Resource Manager, billing and which APIs are on.</summary>
internal static class ProjectApis
{
    public static void Serve(FakeGoogle google)
    {
        google.On("cloudresourcemanager", "GET", "/v1/projects/{project}", call =>
        {
            RequireProject(google, call);
            return new JsonObject { ["projectId"] = google.Project, ["projectNumber"] = google.Number, ["lifecycleState"] = "ACTIVE" };
        });
        google.On("cloudresourcemanager", "POST", "/v1/projects/{project}:testIamPermissions", call =>
        {
            RequireProject(google, call);
            return new JsonObject
            {
                ["permissions"] = new JsonArray(
                    [.. ((JsonArray)call.Body["permissions"]!).Where(each => !google.Denied.Contains($"{each}"))
                    .Select(each => each!.DeepClone())]),
            };
        });
        google.Policies.Serve("cloudresourcemanager", "/v1/projects/{project}");

        google.On("cloudbilling", "GET", "/v1/projects/{project}/billingInfo", call =>
        {
            RequireProject(google, call);
            return new JsonObject { ["projectId"] = google.Project, ["billingEnabled"] = google.HasBilling };
        });

        google.On("serviceusage", "GET", "/v1/projects/{project}/services", call =>
        {
            RequireProject(google, call);
            return new JsonObject { ["services"] = new JsonArray([.. google.Apis.Order().Select(api => Api(google, api))]) };
        });
        google.On("serviceusage", "GET", "/v1/projects/{project}/services/{api}", call => Api(google, call["api"]));
        google.On("serviceusage", "POST", "/v1/projects/{project}/services/{api}:enable", call =>
        {
            google.Apis.Add(call["api"]);
            return FakeGoogle.Done();
        });
        google.On("serviceusage", "POST", "/v1/projects/{project}/services:batchEnable", call =>
        {
            foreach (var api in (JsonArray)call.Body["serviceIds"]!)
                google.Apis.Add($"{api}");
            return FakeGoogle.Done();
        });
        google.On("serviceusage", "GET", "/v1/operations/{id}", _ => FakeGoogle.Done());
        google.On("serviceusage", "POST", "/v1beta1/projects/{project}/services/{api}:generateServiceIdentity", call =>
        {
            var agent = call["api"].Split('.')[0];
            google.Agents.Add($"{call["project"]}/{agent}");
            return FakeGoogle.Done(
                new JsonObject { ["email"] = $"service-{google.Number}@gcp-sa-{agent}.iam.gserviceaccount.com", ["uniqueId"] = "1" });
        });
        google.On("serviceusage", "GET", "/v1beta1/operations/{id}", _ => FakeGoogle.Done());
    }

    private static JsonObject Api(FakeGoogle google, string api) => new()
    {
        ["name"] = $"projects/{google.Number}/services/{api}",
        ["config"] = new JsonObject { ["name"] = api },
        ["state"] = google.Apis.Contains(api) ? "ENABLED" : "DISABLED",
    };

    /// <summary>Google does not tell a project that is not there from one that must not be seen.</summary>
    private static void RequireProject(FakeGoogle google, Call call)
    {
        if (call["project"] != google.Project && call["project"] != google.Number)
            throw new GoogleErrorException(
                403, "PERMISSION_DENIED", $"The caller does not have permission on project {call["project"]}, or it may not exist.");
    }
}
