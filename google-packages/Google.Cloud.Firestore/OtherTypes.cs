// The names that the real package has besides. A name that is unambiguous without them may be ambiguous with them, or mean another
// type: with these the compiler finds it here as well. None of them can be used.

namespace Google.Cloud.Firestore
{
    public sealed class AggregateField { private AggregateField() { } }
    public sealed class ConverterRegistry { private ConverterRegistry() { } }
    public sealed class ExplainOptions { private ExplainOptions() { } }
    public abstract class Filter { private Filter() { } }
    public sealed class FirestoreDataAttribute : Attribute { private FirestoreDataAttribute() { } }
    public sealed class FirestoreDeserializationConfigurationAttribute : Attribute { private FirestoreDeserializationConfigurationAttribute() { } }
    public sealed class FirestoreDocumentCreateTimestampAttribute : Attribute { private FirestoreDocumentCreateTimestampAttribute() { } }
    public sealed class FirestoreDocumentIdAttribute : Attribute { private FirestoreDocumentIdAttribute() { } }
    public sealed class FirestoreDocumentReadTimestampAttribute : Attribute { private FirestoreDocumentReadTimestampAttribute() { } }
    public sealed class FirestoreDocumentUpdateTimestampAttribute : Attribute { private FirestoreDocumentUpdateTimestampAttribute() { } }
    public sealed class FirestorePropertyAttribute : Attribute { private FirestorePropertyAttribute() { } }
    public struct GeoPoint;
    public sealed class ServerTimestampAttribute : Attribute { private ServerTimestampAttribute() { } }
    public sealed class Transaction { private Transaction() { } }
    public sealed class TransactionOptions { private TransactionOptions() { } }
    public enum UnknownPropertyHandling;
}
namespace Microsoft.Extensions.DependencyInjection
{
    public static class ServiceCollectionExtensions;
}
