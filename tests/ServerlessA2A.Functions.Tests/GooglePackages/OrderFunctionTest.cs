using Google.Cloud.Functions.Testing;
using ServerlessA2A.Functions.Tests.GooglePackages.Functions;

namespace ServerlessA2A.Functions.Tests.GooglePackages;

internal sealed class OrderFunctionTest(Recorder recorder) : FunctionTestBase<OrderFunction>(recorder.Serve<OrderFunction>());
