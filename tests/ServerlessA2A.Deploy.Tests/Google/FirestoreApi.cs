using System.Text.Json.Nodes;

namespace ServerlessA2A.Deploy.Tests.Google;

/// <summary>Databases, composite indexes, and what is said of single fields.</summary>
internal static class FirestoreApi
{
    private const string Group = "/v1/{parent}/databases/{database}/collectionGroups/{group}";

    public static void Serve(FakeGoogle google)
    {
        google.On("firestore", "GET", "/v1/{parent}/databases", call => google.Resources.List(call.Parent + "/databases"));
        google.On("firestore", "POST", "/v1/{parent}/databases", call =>
            FakeGoogle.Done(
                google.Resources.Add($"{call.Parent}/databases/{call.Query("databaseId")}", (JsonObject)call.Body.DeepClone())));
        google.On("firestore", "DELETE", "/v1/{parent}/databases/{database}", call =>
        {
            google.Resources.Remove($"{call.Parent}/databases/{call["database"]}");
            return FakeGoogle.Done();
        });
        google.On("firestore", "GET", Group + "/indexes", call => new JsonObject { ["indexes"] = Below(google, call, "/indexes/") });
        google.On("firestore", "POST", Group + "/indexes", call =>
        {
            var index = (JsonObject)call.Body.DeepClone();
            if (google.Resources.In(GroupOf(google, call) + "/indexes").Any(each => JsonNode.DeepEquals(each["asked"], index)))
                throw GoogleErrorException.Exists("index");
            index["asked"] = index.DeepClone();
            // Firestore adds the name of the document, in the direction of the last field.
            var fields = (JsonArray)index["fields"]!;
            fields.Add(new JsonObject { ["fieldPath"] = "__name__", ["order"] = fields[^1]!["order"]!.DeepClone() });
            index["state"] = "CREATING";
            google.Resources.Add($"{GroupOf(google, call)}/indexes/{Guid.NewGuid():N}", index);
            return FakeGoogle.Done(below: $"{call.Parent}/databases/{call["database"]}/");
        });
        google.On("firestore", "GET", Group + "/fields", call => new JsonObject { ["fields"] = Fields(google, call) });
        google.On("firestore", "PATCH", Group + "/fields/{field}", call =>
        {
            var name = $"{GroupOf(google, call)}/fields/{call["field"]}";
            var field = google.Resources.Find(name) ?? google.Resources.Add(name, []);
            foreach (var member in call.Query("updateMask")!.Split(','))
                field[member] = call.Body[member]!.DeepClone();
            return FakeGoogle.Done(field);
        });
    }

    private static string GroupOf(FakeGoogle google, Call call) =>
        $"{google.Resources.Get($"{call.Parent}/databases/{call["database"]}")["name"]}/collectionGroups/{call["group"]}";

    private static JsonArray Below(FakeGoogle google, Call call, string kind) =>
        [.. google.Resources.Below($"{call.Parent}/databases/{call["database"]}/collectionGroups/")
            .Where(each => $"{each["name"]}".Contains(kind, StringComparison.Ordinal)).Select(each => each.DeepClone())];

    /// <summary>Of the filters only the two that gcloud has: fields with indexes of their own, and those with a time to live.</summary>
    private static JsonArray Fields(FakeGoogle google, Call call)
    {
        var member = call.Query("filter")!.Contains("ttl", StringComparison.OrdinalIgnoreCase) ? "ttlConfig" : "indexConfig";
        return [.. Below(google, call, "/fields/").Where(each => each![member] is not null).Select(each => each!.DeepClone())];
    }
}
