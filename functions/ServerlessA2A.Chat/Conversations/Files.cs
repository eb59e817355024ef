namespace ServerlessA2A.Chat.Conversations;

/// <summary>The files that a model reads at their address. Other files must come as bytes or in <c>data:</c> addresses.</summary>
internal class Files
{
    /// <summary>The schemes of addresses that the model reads.</summary>
    public virtual IReadOnlyList<string> Schemes => ["https"];

    /// <summary>Rejects a file that the agent must not read.</summary>
    /// <param name="address">The file's address, of one of the <see cref="Schemes"/>.</param>
    /// <param name="where">The path of the address in the message, for errors.</param>
    /// <exception cref="UnreadablePartException">The file must not be read.</exception>
    public virtual void Check(Uri address, string where)
    {
    }
}
