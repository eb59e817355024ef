namespace Google.Cloud.Firestore;

/// <summary>What a listen request asks to be told about.</summary>
internal static class WatchTarget
{
    /// <summary>Any number will do: there is one target in a stream.</summary>
    public const int Id = 1;

    /// <summary>The type of a target's change that ends it.</summary>
    public const int Removed = 2;

    public static Action<MessageWriter> Of(Query query) => writer => writer.Message("query", 2, query.Shape, static (target, shape) =>
    {
        target.String("parent", 1, shape.ParentPath);
        target.Message("structuredQuery", 2, shape, Messages.Query);
    });

    public static Action<MessageWriter> Of(DocumentReference document) => writer =>
        writer.Message("documents", 3, document, static (target, document) => target.Strings("documents", 2, [document.Path]));

    /// <summary>Asks to be told no more; the answer is a removal of the target.</summary>
    public static byte[] Farewell(FirestoreDb database) => ProtoMessageWriter.Write(database, static (request, database) =>
    {
        request.String("database", 1, database.RootPath);
        request.Int32("removeTarget", 3, Id);
    });

    public static bool IsRemoval(ReadOnlySpan<byte> message)
    {
        for (var response = new ProtoReader(message); response.Next();)
        {
            for (var change = response.Field == 2 ? response.Message : default; change.Next();)
            {
                if (change is { Field: 1, Int32: Removed })
                    return true;
            }
        }
        return false;
    }

    public static byte[] Request(FirestoreDb database, Action<MessageWriter> target, byte[]? resumeToken) => ProtoMessageWriter.Write((database, target, resumeToken), static (request, state) =>
    {
        request.String("database", 1, state.database.RootPath);
        request.Message("addTarget", 2, state, static (writer, state) =>
        {
            state.target(writer);
            writer.Int32("targetId", 5, Id);
            if (state.resumeToken is { } token)
                writer.Bytes("resumeToken", 4, token);
        });
    });
}
