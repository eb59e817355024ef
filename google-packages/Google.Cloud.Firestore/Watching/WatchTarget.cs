namespace Google.Cloud.Firestore;

/// <summary>What a listen request asks to be told about.</summary>
internal static class WatchTarget
{
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
    public static byte[] Farewell(FirestoreDb database, int id) => ProtoMessageWriter.Write((database, id), static (request, farewell) =>
    {
        request.String("database", 1, farewell.database.RootPath);
        request.Int32("removeTarget", 3, farewell.id);
    });

    public static bool IsRemoval(ReadOnlySpan<byte> message, int id)
    {
        for (var response = new ProtoReader(message); response.Next();)
        {
            var (type, targets) = (0, new List<int>());
            for (var change = response.Field == 2 ? response.Message : default; change.Next();)
            {
                if (change.Field == 1)
                    type = change.Int32;
                else if (change.Field == 2)
                    change.AddTo(targets);
            }
            if (type == Removed && targets.Contains(id))
                return true;
        }
        return false;
    }

    public static byte[] Request(FirestoreDb database, Action<MessageWriter> target, int id, byte[]? resumeToken) => ProtoMessageWriter.Write((database, target, id, resumeToken), static (request, state) =>
    {
        request.String("database", 1, state.database.RootPath);
        request.Message("addTarget", 2, state, static (writer, state) =>
        {
            state.target(writer);
            writer.Int32("targetId", 5, state.id);
            if (state.resumeToken is { } token)
                writer.Bytes("resumeToken", 4, token);
        });
    });
}
