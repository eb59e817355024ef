// The names that the real package has besides. A name that is unambiguous without them may be ambiguous with them, or mean another
// type: with these the compiler finds it here as well. None of them can be used.
namespace Google.Api.Gax
{
    public sealed class BatchingSettings { private BatchingSettings() { } }
    public sealed class FlowControlSettings { private FlowControlSettings() { } }
    public static class GaxPreconditions;
    public interface IClock;
    public interface IResourceName;
    public interface IScheduler;
    public sealed class PathTemplate { private PathTemplate() { } }
    public sealed class Platform { private Platform() { } }
    public sealed class PollSettings { private PollSettings() { } }
    public static class ResourceNameExtensions;
    public sealed class ResourcePattern { private ResourcePattern() { } }
    public sealed class UnparsedResourceName { private UnparsedResourceName() { } }
}
namespace Google.Api.Gax.Grpc
{
    public sealed class ApiMetadata { private ApiMetadata() { } }
    public sealed class BidirectionalStreamingSettings { private BidirectionalStreamingSettings() { } }
    public sealed class ChannelPool { private ChannelPool() { } }
    public sealed class ClientHelper { private ClientHelper() { } }
    public sealed class ClientStreamingSettings { private ClientStreamingSettings() { } }
    public abstract class GrpcAdapter { private protected GrpcAdapter() { } }
    public sealed class GrpcNetClientAdapter : GrpcAdapter { private GrpcNetClientAdapter() { } }
    public sealed class GrpcChannelOptions { private GrpcChannelOptions() { } }
    public sealed class RetrySettings { private RetrySettings() { } }
    public sealed class ServiceMetadata { private ServiceMetadata() { } }
}
namespace Grpc.Core
{
    public sealed class AuthProperty { private AuthProperty() { } }
    public abstract class CallCredentials { private CallCredentials() { } }
    public abstract class CallInvoker { private CallInvoker() { } }
    public struct CallOptions;
    public abstract class ChannelBase { private ChannelBase() { } }
    public abstract class ClientBase { private ClientBase() { } }
    public sealed class ContextPropagationOptions { private ContextPropagationOptions() { } }
    public abstract class ContextPropagationToken { private ContextPropagationToken() { } }
    public abstract class DeserializationContext { private DeserializationContext() { } }
    public interface IMethod;
    public sealed class KeyCertificatePair { private KeyCertificatePair() { } }
    public static class Marshallers;
    public enum MethodType;
    public abstract class SerializationContext { private SerializationContext() { } }
    public abstract class ServerCallContext { private ServerCallContext() { } }
    public sealed class ServerServiceDefinition { private ServerServiceDefinition() { } }
    public abstract class ServiceBinderBase { private ServiceBinderBase() { } }
    public sealed class VerifyPeerContext { private VerifyPeerContext() { } }
    public static class VersionInfo;
    public enum WriteFlags;
    public sealed class WriteOptions { private WriteOptions() { } }
}
