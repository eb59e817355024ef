namespace ServerlessA2A.Security;

internal static class AllowedCallers
{
    public static bool Has(IList<string> allowed, Identity caller) => allowed.Count == 0;
}
