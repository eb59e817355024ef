using FsCheck;
using FsCheck.Fluent;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.Tests.Protocol;

public class RoundTripProperties
{
    [Fact]
    public void StreamItemsComeBackAsTheyWent() => Holds(Generate.Stream, ComesBack);

    [Fact]
    public void RequestsComeBackAsTheyWent()
    {
        Holds(Generate.SendMessage, ComesBack);
        Holds(Generate.PushNotificationConfig, ComesBack);
    }

    [Fact]
    public void SnakeCaseReadsTheSameAsCamelCase()
    {
        Holds(Generate.Stream, ReadsTheSameInSnakeCase);
        Holds(Generate.SendMessage, ReadsTheSameInSnakeCase);
    }

    [Fact]
    public void FreeJsonIsByteForByteTheSame() => Holds(
        from data in Generate.Json from metadata in Generate.JsonObject select (data, metadata),
        json =>
        {
            var part = $$"""{"data":{{json.data}},"metadata":{{json.metadata}}}""";
            Assert.Equal(part, Wire.Write(Wire.Read<Part>(part)));
            Assert.Equal(part, Wire.Write(Wire.Read<Part>($$"""{"some_field":0,"data":{{json.data}},"metadata":{{json.metadata}}}""")));
        });

    internal static void Holds<T>(Gen<T> values, Action<T> fact) =>
        Prop.ForAll(values.ToArbitrary(), fact).Check(Config.QuickThrowOnFailure.WithMaxTest(300));

    private static void ComesBack<T>(T value)
    {
        var json = Wire.Write(value);
        Assert.Equal(json, Wire.Write(Wire.Read<T>(json)));
    }

    private static void ReadsTheSameInSnakeCase<T>(T value)
    {
        var json = Wire.Write(value);
        Assert.Equal(json, Wire.Write(Wire.Read<T>(SnakeCase.Of(json))));
    }
}
