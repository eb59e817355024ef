using System.ComponentModel;
using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using ServerlessA2A.Chat.Tools;

namespace ServerlessA2A.Chat.Tests.Tools;

public class AddAgentToolTests
{
    [Fact]
    public void TheModelSeesTheParametersThatAreItsOwn()
    {
        var tool = Tool(services => services.AddAgentTool(
            ([Description("Which city.")] string city, ToolContext context, IServiceProvider provider, CancellationToken cancellationToken,
            int days = 3) => city + days, "weather"));

        var properties = tool.JsonSchema.GetProperty("properties");
        Assert.Equal(["city", "days"], properties.EnumerateObject().Select(property => property.Name));
        Assert.Equal("Which city.", properties.GetProperty("city").GetProperty("description").GetString());
        Assert.Equal(["city"], tool.JsonSchema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void AToolThatTakesOnlyItsContextHasNoParameters()
    {
        var tool = Tool(services => services.AddAgentTool((ToolContext context) => context.CallId, "id"));

        Assert.True(!tool.JsonSchema.TryGetProperty("properties", out var properties) || !properties.EnumerateObject().Any());
    }

    [Fact]
    public void AMethodHasItsOwnNameAndDescription()
    {
        var tool = Tool(services => services.AddAgentTool(TellWeather));

        Assert.Equal(("TellWeather", "Tells the weather."), (tool.Name, tool.Description));
    }

    [Fact]
    public void ANameAndADescriptionMayBeGiven()
    {
        var tool = Tool(services => services.AddAgentTool(TellWeather, "weather", "Says how it is."));

        Assert.Equal(("weather", "Says how it is."), (tool.Name, tool.Description));
    }

    [Fact]
    public void AFunctionIsAToolAsItIs()
    {
        var function = AIFunctionFactory.Create(() => 1, "one");

        Assert.Same(function, Tool(services => services.AddAgentTool(function)));
    }

    [Fact]
    public void SeveralToolsAreThereInTheirOrder()
    {
        using var services = new ServiceCollection().AddAgentTool(() => 1, "one").AddAgentTool(() => 2, "two").AddAgentTool(TellWeather)
            .BuildServiceProvider();

        Assert.Equal(["one", "two", "TellWeather"], services.GetServices<AIFunction>().Select(tool => tool.Name));
    }

    [Fact]
    public void TheQuestionOfTheModelIsDeclared()
    {
        var schema = AskUserTool.Declaration.JsonSchema;

        Assert.Equal("ask_user", AskUserTool.Declaration.Name);
        Assert.NotEqual("", AskUserTool.Declaration.Description);
        Assert.Equal("string", schema.GetProperty("properties").GetProperty("question").GetProperty("type").GetString());
        Assert.Equal(["question"], schema.GetProperty("required").EnumerateArray().Select(name => name.GetString()));
    }

    [Fact]
    public void TheQuestionIsReadWhateverItCameIn()
    {
        Assert.Equal("Which?", QuestionOf("Which?"));
        Assert.Equal("Which?", QuestionOf(JsonSerializer.SerializeToElement("Which?")));
        Assert.Null(QuestionOf(null));
        Assert.Null(QuestionOf(JsonSerializer.SerializeToElement((string?)null)));
        Assert.Null(AskUserTool.QuestionOf(new FunctionCallContent("c", "ask_user")));

        static string? QuestionOf(object? question) =>
            AskUserTool.QuestionOf(new FunctionCallContent("c", "ask_user", new Dictionary<string, object?> { ["question"] = question }));
    }

    [Description("Tells the weather.")]
    private static string TellWeather(string city) => city;

    private static AIFunction Tool(Action<IServiceCollection> add)
    {
        var services = new ServiceCollection();
        add(services);
        using var provider = services.BuildServiceProvider();
        return provider.GetRequiredService<AIFunction>();
    }
}
