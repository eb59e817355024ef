namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>By its name alone it is one of protoc's.</summary>
public static class NotGooglesReflection
{
    public static string Descriptor => "";
}
