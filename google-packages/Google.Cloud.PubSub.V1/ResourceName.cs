namespace Google.Cloud.PubSub.V1;

/// <summary>projects/P/kind/ID.</summary>
internal static class ResourceName
{
    public static bool TryParse(string name, string kind, out (string Project, string Id) parts)
    {
        ArgumentNullException.ThrowIfNull(name);
        parts = default;
        if (name.Split('/') is not ["projects", { Length: > 0 } project, var found, { Length: > 0 } id] || found != kind)
            return false;
        parts = (project, id);
        return true;
    }

    public static string Checked(string part, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(part, parameter);
        return part;
    }
}
