using ServerlessA2A.GoogleCloud.Gemini.Chat;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini.Chat;

public class GeminiSettingsTests
{
    [Theory]
    [InlineData("global", "aiplatform.googleapis.com")]
    [InlineData("europe-west4", "europe-west4-aiplatform.googleapis.com")]
    public void TheLocationHasItsAddress(string location, string endpoint) => Assert.Equal(endpoint, Of(location, "m").DefaultEndpoint);

    [Theory]
    [InlineData("gemini-3.5-flash", "projects/p/locations/europe-west4/publishers/google/models/gemini-3.5-flash")]
    [InlineData("projects/q/locations/l/endpoints/1", "projects/q/locations/l/endpoints/1")]
    public void AModelHasItsResourceName(string model, string name)
    {
        Assert.Equal(name, Of("europe-west4", model).ResourceName);
        Assert.Equal(name, Of("europe-west4", "other").ResourceOf(model));
    }

    private static GeminiSettings Of(string location, string model) => new() { ProjectId = "p", Location = location, Model = model };
}
