using Microsoft.Extensions.AI;
using ServerlessA2A.Agents;
using ServerlessA2A.Chat.Conversations;
using ServerlessA2A.GoogleCloud.Gemini.Chat;
using ServerlessA2A.Protocol.Messages;

namespace ServerlessA2A.GoogleCloud.Tests.Gemini;

/// <summary>What Gemini needs back is in the checkpoint of the conversation.</summary>
public class GeminiCheckpointTests
{
    [Fact]
    public void ASignatureThatComesBackIsSent()
    {
        var message = new Message { MessageId = "m1", Role = Role.User, Parts = [Protocol.Messages.Part.FromText("Hi")] };
        var task = new AgentContext { TaskId = "t", ContextId = "c", Message = message, History = [message] };
        var conversation = Conversation.Of(task, new Files(), _ => Assert.Fail("There is no checkpoint."));
        conversation.Say(
        [
            new FunctionCallContent("c1", "x",
            new Dictionary<string, object?>()) { AdditionalProperties = new() { [GeminiParts.Signature] = "AAAA" } },
        ]);

        var back = Conversation.Of(
            task with { Checkpoint = conversation.Save().Data }, new Files(), fault => Assert.Fail($"The checkpoint is known. {fault}"));

        var part = GeminiParts.ToPart(back.Messages[1].Contents[0], callId => new FunctionCallContent(callId, callId))!;
        Assert.Single(NumberedFields.Read(part, 11));
    }
}
