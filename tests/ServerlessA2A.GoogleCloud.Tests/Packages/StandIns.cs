using System.Diagnostics;
using Google.Cloud.Firestore;

namespace ServerlessA2A.GoogleCloud.Tests.Packages;

/// <summary>Whether this build uses the stand-ins for Google's packages.</summary>
internal static class StandIns
{
    /// <summary>Skips a test of what only they do.</summary>
    public static void Require() => Skip.IfNot(
        FileVersionInfo.GetVersionInfo(typeof(FirestoreDb).Assembly.Location).ProductName is { } product &&
        product.StartsWith("Stand-in", StringComparison.Ordinal),
        "Google's packages are real here.");
}
