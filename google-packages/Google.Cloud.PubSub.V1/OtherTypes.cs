// The names that the real package has besides. A name that is unambiguous without them may be ambiguous with them, or mean another
// type: with these the compiler finds it here as well. None of them can be used.

using Google.Api.Gax.Grpc;

namespace Google.Cloud.PubSub.V1;

public sealed class AIInference { private AIInference() { } }
public sealed class BigQueryConfig { private BigQueryConfig() { } }
public sealed class CloudStorageConfig { private CloudStorageConfig() { } }
public sealed class CommitSchemaRequest { private CommitSchemaRequest() { } }
public sealed class CreateSchemaRequest { private CreateSchemaRequest() { } }
public sealed class CreateSnapshotRequest { private CreateSnapshotRequest() { } }
public sealed class DetachSubscriptionRequest { private DetachSubscriptionRequest() { } }
public sealed class DetachSubscriptionResponse { private DetachSubscriptionResponse() { } }
public enum Encoding;
public sealed class ExpirationPolicy { private ExpirationPolicy() { } }
public sealed class GetSchemaRequest { private GetSchemaRequest() { } }
public sealed class GetSnapshotRequest { private GetSnapshotRequest() { } }
public sealed class IngestionDataSourceSettings { private IngestionDataSourceSettings() { } }
public sealed class IngestionFailureEvent { private IngestionFailureEvent() { } }
public sealed class JavaScriptUDF { private JavaScriptUDF() { } }
public sealed class ListSubscriptionsRequest { private ListSubscriptionsRequest() { } }
public sealed class ListSubscriptionsResponse { private ListSubscriptionsResponse() { } }
public sealed class ListTopicsRequest { private ListTopicsRequest() { } }
public sealed class ListTopicsResponse { private ListTopicsResponse() { } }
public sealed class MessageStoragePolicy { private MessageStoragePolicy() { } }
public sealed class MessageTransform { private MessageTransform() { } }
public sealed class PlatformLogsSettings { private PlatformLogsSettings() { } }
public abstract class PublisherClient { private PublisherClient() { } }
public sealed class PublisherServiceApiSettings : ServiceSettingsBase { private PublisherServiceApiSettings() { } }
public sealed class Schema { private Schema() { } }
public sealed class SchemaName { private SchemaName() { } }
public static class SchemaService;
public abstract class SchemaServiceApiClient { private SchemaServiceApiClient() { } }
public sealed class SchemaSettings { private SchemaSettings() { } }
public enum SchemaView;
public sealed class SeekRequest { private SeekRequest() { } }
public sealed class SeekResponse { private SeekResponse() { } }
public sealed class Snapshot { private Snapshot() { } }
public sealed class SnapshotName { private SnapshotName() { } }
public sealed class StreamingPullRequest { private StreamingPullRequest() { } }
public sealed class StreamingPullResponse { private StreamingPullResponse() { } }
public abstract class SubscriberClient { private SubscriberClient() { } }
public sealed class UpdateSubscriptionRequest { private UpdateSubscriptionRequest() { } }
public sealed class UpdateTopicRequest { private UpdateTopicRequest() { } }
public sealed class ValidateMessageRequest { private ValidateMessageRequest() { } }
public sealed class ValidateSchemaRequest { private ValidateSchemaRequest() { } }

public sealed class PublisherClientBuilder : ClientBuilderBase<PublisherClient>
{
    private PublisherClientBuilder() : base("", null)
    {
    }

    public override PublisherClient Build() => null!;

    public override Task<PublisherClient> BuildAsync(CancellationToken cancellationToken = default) => Task.FromResult(Build());
}
