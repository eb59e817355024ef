using ServerlessA2A.Agents;

namespace ServerlessA2A.Tests.Agents;

public class AgentCardOptionsTests
{
    [Fact]
    public void TheDefaultsAreValid() => Assert.Empty(new AgentCardOptions().Validate());

    [Fact]
    public void AllFaultsAreToldAtOnceEachWithItsSettingItsVariableItsValueAndWhatToDo()
    {
        var options = new AgentCardOptions
        {
            Name = " ",
            PublicUrl = "agent.example",
            CardUrl = "ftp://agent.example/card",
            ProviderUrl = "https://p.example"
        };
        options.Skills.Add(new SkillOptions { Id = "ok", Name = "ok" });
        options.Skills.Add(new SkillOptions { Id = "chat" });
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:ok" });
        options.Extensions.Add(new ExtensionOptions { Uri = "no uri" });
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:ok", Params = "[1]" });
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:ok", Params = """{"a":1,"a":2}""" });
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:ok", Params = """{"a":1}""" });
        options.Extensions.Add(new ExtensionOptions { Uri = "urn:ok", Params = " " });

        Assert.Equal(
            [
                "A2A:Agent:Name (A2A__Agent__Name) is ' ': give the agent a name.",
                "A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is 'agent.example': set an absolute http or https address, or nothing.",
                "A2A:Agent:CardUrl (A2A__Agent__CardUrl) is 'ftp://agent.example/card': set an absolute http or https address, or nothing.",
                "A2A:Agent:ProviderOrganization (A2A__Agent__ProviderOrganization) is '' and A2A:Agent:ProviderUrl " +
                "(A2A__Agent__ProviderUrl) is 'https://p.example': set both or none.",
                "A2A:Agent:Skills:1 (A2A__Agent__Skills__1) has the Id 'chat' and the Name '': set both.",
                "A2A:Agent:Extensions:1:Uri (A2A__Agent__Extensions__1__Uri) is 'no uri': set an absolute URI.",
                "A2A:Agent:Extensions:2:Params (A2A__Agent__Extensions__2__Params) is '[1]': set a JSON object such as {\"key\": " +
                "\"value\"}.",
                "A2A:Agent:Extensions:3:Params (A2A__Agent__Extensions__3__Params) is '{\"a\":1,\"a\":2}': set a JSON object such as " +
                "{\"key\": \"value\"}.",
            ],
            options.Validate());
    }

    [Fact]
    public void AnExtendedCardIsDeclaredAndItsSkillsAreFurtherOnes()
    {
        var options = new AgentCardOptions();
        options.Extended.Skills.Add(new SkillOptions { Id = "chat", Name = "Chat" });
        options.Extended.Skills.Add(new SkillOptions { Name = "audit" });

        Assert.Equal(
            [
                "A2A:Agent:Extended:Skills:1 (A2A__Agent__Extended__Skills__1) has the Id '' and the Name 'audit': set both.",
                "A2A:Agent:ExtendedCard (A2A__Agent__ExtendedCard) is False and A2A:Agent:Extended (A2A__Agent__Extended) is set, which " +
                "nobody would see: set ExtendedCard to true, or remove the section.",
                "A2A:Agent:Extended:Skills:0:Id (A2A__Agent__Extended__Skills__0__Id) is 'chat': a public skill has this id. Set " +
                "another one; the extended card lists public skills anyway.",
            ],
            options.Validate());
        Assert.Empty(new AgentCardOptions { ExtendedCard = true }.Validate());
        Assert.Empty(new AgentCardOptions { ExtendedCard = true, Extended = { Description = "more" } }.Validate());
    }

    [Theory]
    [InlineData("https://agent.example/a#b",
        "is 'https://agent.example/a#b': set an address without a query and a fragment, since clients append to it.")]
    [InlineData("https://user:secret@agent.example/",
        "contains a user name or a password, and the card is public: set an address without them.")]
    [InlineData(" https://agent.example/", "is ' https://agent.example/': set an absolute http or https address, or nothing.")]
    [InlineData("/a2a", "is '/a2a': set an absolute http or https address, or nothing.")]
    public void AnAddressThatClientsCannotAppendToIsRefused(string address, string fault)
    {
        Assert.Equal([$"A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) {fault}"], new AgentCardOptions { PublicUrl = address }.Validate());
        Assert.Equal([$"A2A:Agent:CardUrl (A2A__Agent__CardUrl) {fault}"], new AgentCardOptions { CardUrl = address }.Validate());
    }

    [Theory]
    [InlineData("https://agent.example/?key=1")]
    [InlineData("https://agent.example/?")]
    public void TheAgentsAddressHasNoQueryAndTheCardsMayHaveOne(string address)
    {
        Assert.Equal(
            [$"A2A:Agent:PublicUrl (A2A__Agent__PublicUrl) is '{address}': " +
                "set an address without a query and a fragment, since clients append to it."],
            new AgentCardOptions { PublicUrl = address }.Validate());
        Assert.Empty(new AgentCardOptions { CardUrl = address }.Validate());
    }

    [Theory]
    [InlineData("https://agent.example")]
    [InlineData("https://agent.example:8443/a2a/")]
    [InlineData("http://localhost:8080/")]
    public void AnAddressMayHaveAPathAndEndInASlash(string address) =>
        Assert.Empty(new AgentCardOptions { PublicUrl = address, CardUrl = address }.Validate());

    [Theory]
    [InlineData("pdf")]
    [InlineData("")]
    [InlineData("text/")]
    [InlineData("/plain")]
    [InlineData("text/plain, image/png")]
    [InlineData("a/b/c")]
    public void WhatIsNoMediaTypeIsRefused(string mode)
    {
        var options = new AgentCardOptions { InputModes = { "text/plain", mode }, OutputModes = { mode }, ExtendedCard = true };
        options.Skills.Add(new SkillOptions { Id = "s", Name = "s", InputModes = { mode } });
        options.Extended.Skills.Add(new SkillOptions { Id = "t", Name = "t", OutputModes = { mode } });

        const string Remedy = "set a media type such as text/plain or image/*, or one of text, json, image, audio, video and file.";
        Assert.Equal(
            [
                $"A2A:Agent:InputModes:1 (A2A__Agent__InputModes__1) is '{mode}': {Remedy}",
                $"A2A:Agent:OutputModes:0 (A2A__Agent__OutputModes__0) is '{mode}': {Remedy}",
                $"A2A:Agent:Skills:0:InputModes:0 (A2A__Agent__Skills__0__InputModes__0) is '{mode}': {Remedy}",
                $"A2A:Agent:Extended:Skills:0:OutputModes:0 (A2A__Agent__Extended__Skills__0__OutputModes__0) is '{mode}': {Remedy}",
            ],
            options.Validate());
    }

    [Fact]
    public void MediaTypesPatternsAndKindsOfPartsMayBeSet() => Assert.Empty(new AgentCardOptions
    {
        InputModes = { "*", "*/*", "image/*", "application/vnd.x+json", "text/plain; charset=utf-8", "TEXT", "json", "file" },
    }.Validate());

    [Fact]
    public void AddressesMayBeLeftEmpty() => Assert.Empty(new AgentCardOptions { PublicUrl = "", CardUrl = "" }.Validate());
}
