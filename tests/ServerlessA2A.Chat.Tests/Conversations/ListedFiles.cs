using ServerlessA2A.Chat.Conversations;

namespace ServerlessA2A.Chat.Tests.Conversations;

/// <summary>A model that reads files at https:// addresses, and in some places of a storage of its own; * stands for all places.</summary>
internal sealed class ListedFiles(IReadOnlyList<string> places) : Files
{
    public override IReadOnlyList<string> Schemes => ["gs", "https"];

    public override void Check(Uri address, string where)
    {
        if (address.Scheme == "gs" && !places.Contains("*") && !places.Contains(address.Host))
            throw new UnreadablePartException(
                $"{where}: the agent does not read files of the bucket '{address.Host}'.")
            {
                Denial =
                $"bucket {address.Host} is not listed"
            };
    }
}
