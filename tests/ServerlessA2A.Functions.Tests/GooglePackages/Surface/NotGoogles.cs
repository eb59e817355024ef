namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

public sealed class NotGoogles
{
    public static int Sum(IDictionary<string, object?> fields, int first = 1) => first + fields.Count;
}
