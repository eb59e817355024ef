using System.Diagnostics;
using System.Reflection;
using Google.Cloud.AIPlatform.V1;
using Google.Cloud.Functions.Framework;

namespace ServerlessA2A.Functions.Tests.GooglePackages.Surface;

/// <summary>
/// Code that compiles against a stand-in compiles against Google's package. Where the packages themselves are referenced
/// there is no stand-in beside the tests, and nothing to hold against the text.
/// </summary>
public class StandInSurfaceTests
{
    private static readonly ApiText Text = ApiText.Read();

    [Fact]
    public void EveryPublicMemberOfAStandInExistsInTheRealPackageWithTheSameSignature()
    {
        var missing = StandIns().SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(Text.MissingOf).ToArray();

        Assert.True(missing.Length == 0, "Not in google-packages-api.txt:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void AStandInThatOffersAnOverloadOffersAllOfThem()
    {
        var missing = StandIns().SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(Text.OverloadsMissingOf).ToArray();

        Assert.True(missing.Length == 0, "Overloads that only the real package has:\n" + string.Join('\n', missing));
    }

    /// <summary>
    /// A simple name that is unambiguous without them may be ambiguous with them: where each name is taken, the compiler finds it.
    /// </summary>
    [Fact]
    public void EveryTypeNameOfTheRealNamespacesIsTaken()
    {
        var offered = StandIns().SelectMany(assembly => assembly.GetExportedTypes()).Where(type => !type.IsNested).ToList();
        var namespaces = offered.Select(type => type.Namespace!).ToHashSet();

        var missing = Text.TypeNames().Where(name => namespaces.Contains(name[..name.LastIndexOf('.')]))
            .Except(offered.Select(type => type.FullName!)).ToArray();

        Assert.True(missing.Length == 0, "Names that only the real package has:\n" + string.Join('\n', missing));
    }

    [Fact]
    public void OptionalParametersHaveTheDefaultsOfTheRealPackages()
    {
        var others = StandIns().SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(Signatures.DefaultsOf).ToArray();

        Assert.True(others.Length == 0, "Other defaults:\n" + string.Join('\n', others));
        Assert.Single(Signatures.DefaultsOf(typeof(NotGoogles)));
    }

    [Fact]
    public void SignaturesFitCodeThatIsCompiledWithoutAnnotations()
    {
        // The Functions Framework's implement interfaces that are annotated.
        var annotated = StandIns()
            .Where(assembly => !assembly.GetName().Name!.StartsWith("Google.Cloud.Functions.", StringComparison.Ordinal))
            .SelectMany(assembly => assembly.GetExportedTypes()).SelectMany(Signatures.AnnotatedArgumentsOf).ToArray();

        Assert.True(annotated.Length == 0, "Annotated type arguments:\n" + string.Join('\n', annotated));
        Assert.Single(Signatures.AnnotatedArgumentsOf(typeof(NotGoogles)));
    }

    [Theory]
    [InlineData("Task HandleAsync(System.String)", true)]
    [InlineData("Task HandleAsync(System.String, System.Int32?)", true)]
    [InlineData("Task HandleAsync(System.Collections.Generic.Dictionary<System.String, System.Int32>)", true)]
    [InlineData("Task HandleAsync(System.String, System.Object[])", true)]
    [InlineData("Task HandleAsync(System.String, System.Int32)", false)]
    [InlineData("Task Handle(System.String)", false)]
    public void AnOverloadThatTheSameCallMayMeanIsFound(string overload, bool isFound)
    {
        const string Header = "interface Google.Cloud.Functions.Framework.IHttpFunction";
        const string Known = "  abstract System.Threading.Tasks.Task HandleAsync(Microsoft.AspNetCore.Http.HttpContext)";
        var other = ApiText.Read(
            text => text.Replace($"{Header}\n{Known}\n", $"{Header}\n{Known}\n  {overload}\n", StringComparison.Ordinal));

        Assert.Equal(isFound ? [$"{Header}: {overload}"] : [], other.OverloadsMissingOf(typeof(IHttpFunction)));
    }

    [Theory]
    [InlineData("interface Google.Cloud.Functions.Framework.IHttpFunction\n", "interface Google.Cloud.Functions.Framework.ISomething\n")]
    [InlineData("HandleAsync(Microsoft.AspNetCore.Http.HttpContext)", "HandleAsync(Microsoft.AspNetCore.Http.HttpContext, System.Boolean)")]
    [InlineData("abstract System.Threading.Tasks.Task HandleAsync(", "abstract System.Threading.Tasks.ValueTask HandleAsync(")]
    [InlineData("abstract System.Threading.Tasks.Task HandleAsync(", "abstract System.Threading.Tasks.Task Handle(")]
    public void ADifferenceFromTheRealPackageIsFound(string inTheText, string instead)
    {
        var other = ApiText.Read(text => text.Replace(inTheText, instead, StringComparison.Ordinal));

        Assert.Empty(Text.MissingOf(typeof(IHttpFunction)));
        Assert.NotEmpty(other.MissingOf(typeof(IHttpFunction)));
    }

    [Theory]
    [InlineData("  Google.Protobuf.ByteString Data { get; set; }\n", "", "Google.Protobuf.ByteString Data { get; set; }")]
    [InlineData("  System.String MimeType { get; set; }\n", "  System.Byte[] MimeType { get; set; }\n",
        "System.String MimeType { get; set; }")]
    [InlineData("  ctor(Google.Cloud.AIPlatform.V1.Blob)\n", "", "ctor(Google.Cloud.AIPlatform.V1.Blob)")]
    public void ADifferenceInAGeneratedMessageIsFoundAndWhatEveryMessageHasIsNone(string inTheText, string instead, string missing)
    {
        const string Header = "sealed class Google.Cloud.AIPlatform.V1.Blob";
        var other = ApiText.Read(text =>
        {
            var (start, end) = (
                text.IndexOf(Header + "\n", StringComparison.Ordinal),
                text.IndexOf("sealed class Google.Cloud.AIPlatform.V1.Candidate\n", StringComparison.Ordinal));
            return text[..start] + text[start..end].Replace(inTheText, instead, StringComparison.Ordinal) + text[end..];
        });

        Assert.Empty(Text.MissingOf(typeof(Blob)));
        Assert.Equal([$"{Header}: {missing}"], other.MissingOf(typeof(Blob)));
    }

    [Fact]
    public void WhatIsLikeAGeneratedMemberButIsNotOneIsFound()
    {
        Assert.False(GeneratedMembers.Includes(typeof(NotGoogles), "virtual System.String ToString()"));
        Assert.False(GeneratedMembers.Includes(typeof(Blob), "const System.Int32 NoSuchFieldNumber"));
        Assert.False(GeneratedMembers.Includes(typeof(Blob), "virtual System.Object Clone()"));
        Assert.False(GeneratedMembers.Includes(typeof(Blob), "System.String ToString(System.Boolean)"));
        Assert.False(GeneratedMembers.IsReflectionOfAFile(typeof(NotGooglesReflection)));
        Assert.True(GeneratedMembers.IsGrpcClient(typeof(PredictionService.PredictionServiceClient)));
        Assert.False(GeneratedMembers.IsGrpcClient(typeof(PredictionServiceClient)));
        Assert.False(GeneratedMembers.Includes(typeof(PredictionService), "static System.String Descriptor { get; }"));
    }

    [Fact]
    public void ATypeThatTheRealPackagesDoNotHaveIsFound() =>
        Assert.Equal(["sealed class " + typeof(NotGoogles).FullName], Text.MissingOf(typeof(NotGoogles)));

    [Fact]
    public void WhatIsLoadedIsTheRealPackageOrSaysThatItIsAStandIn()
    {
        var loaded = typeof(IHttpFunction).Assembly;

        Assert.True(StandIns().Contains(loaded) || loaded.GetName().Version == new Version(3, 0, 1, 0));
    }

    // A stand-in calls itself one in its file's version information (google-packages/Directory.Build.props).
    private static IEnumerable<Assembly> StandIns() =>
        from file in Directory.EnumerateFiles(AppContext.BaseDirectory, "*.dll")
        where FileVersionInfo.GetVersionInfo(file).ProductName is { } product && product.StartsWith("Stand-in", StringComparison.Ordinal)
        select Assembly.Load(AssemblyName.GetAssemblyName(file));
}
