using Microsoft.Extensions.Configuration;

namespace ServerlessA2A.GoogleCloud.Tests.PubSub;

public class GoogleCloudOptionsTests
{
    [Theory]
    [InlineData("mine", "mine")]
    [InlineData(null, "of-google", "GOOGLE_CLOUD_PROJECT=of-google", "GCP_PROJECT=other")]
    [InlineData("", "of-gcp", "GCP_PROJECT=of-gcp", "GCLOUD_PROJECT=other")]
    [InlineData(null, "of-gcloud", "GCLOUD_PROJECT=of-gcloud", "FIRESTORE_EMULATOR_HOST=127.0.0.1:1")]
    [InlineData("mine", "mine", "GOOGLE_CLOUD_PROJECT=other")]
    [InlineData(null, "local", "FIRESTORE_EMULATOR_HOST=127.0.0.1:1")]
    [InlineData(null, null, "GOOGLE_CLOUD_PROJECT= ")]
    public void TheProjectIsTheOneThatIsSetOrThatOfTheEnvironment(string? set, string? expected, params string[] environment)
    {
        var options = new GoogleCloudOptions { ProjectId = set };

        options.FindProject(new ConfigurationBuilder().AddInMemoryCollection(
            environment.Select(variable => variable.Split('=')).Select(pair => KeyValuePair.Create(pair[0], (string?)pair[1]))).Build());

        Assert.Equal(expected, options.ProjectId);
        Assert.Equal(expected is null, options.Validate().Any());
    }

    [Fact]
    public void WithoutAProjectItIsToldWhereOneIsLookedFor()
    {
        var fault = Assert.Single(new GoogleCloudOptions().Validate());

        Assert.All(
            ["A2A:GoogleCloud:ProjectId", "A2A__GoogleCloud__ProjectId", "GOOGLE_CLOUD_PROJECT", "GCP_PROJECT", "GCLOUD_PROJECT"],
            name => Assert.Contains(name, fault, StringComparison.Ordinal));
    }

    [Fact]
    public void AllFaultsAreToldAtOnce()
    {
        var options = new GoogleCloudOptions { ProjectId = "p", DatabaseId = "", TopicPrefix = "projects/p/topics/t" };

        var faults = options.Validate().ToList();

        Assert.Equal(["DatabaseId", "TopicPrefix"], faults.Select(fault => fault.Split(' ')[0].Split(':')[^1]));
        Assert.Contains("'projects/p/topics/t'", faults[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(16, true)]
    [InlineData(17, false)]
    public void ShardsAreOneToSixteen(int shards, bool isValid)
    {
        var faults = new GoogleCloudOptions { ProjectId = "p", Shards = shards }.Validate();
        Assert.Equal(
            isValid ? [] : [$"A2A:GoogleCloud:Shards (A2A__GoogleCloud__Shards) is {shards}: set a number from 1 to 16."], faults);
    }
}
