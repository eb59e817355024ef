// The names that the real package has besides. A name that is unambiguous without them may be ambiguous with them, or mean another
// type: with these the compiler finds it here as well. None of them can be used.
namespace Google.Api.Gax.Grpc;

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
