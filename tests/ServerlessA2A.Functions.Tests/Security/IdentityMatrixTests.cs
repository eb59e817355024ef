using ServerlessA2A.Bindings;
using ServerlessA2A.Functions.Tests.Interop;
using ServerlessA2A.Tests.Bindings.Harness.Protocols;
using ServerlessA2A.Tests.Support;

namespace ServerlessA2A.Functions.Tests.Security;

/// <summary>
/// Every operation over every binding in every version, with every kind of credential, made by jose: the exact answer of each.
/// </summary>
public sealed class IdentityMatrixTests(MatrixHost host) : IClassFixture<MatrixHost>
{
    private static readonly string[] Algorithms = ["ES256", "RS256"];

    /// <summary>Those who have not proven to be anybody.</summary>
    public static TheoryData<string, string, MatrixCredential> Unknown => Columns(credential => !IsKnown(credential));

    /// <summary>Those who have proven who they are.</summary>
    public static TheoryData<string, string, MatrixCredential> Known => Columns(IsKnown);

    /// <summary>
    /// The product has one table of operations that all bindings take theirs from: what is added there has to be added here.
    /// </summary>
    [Fact]
    public void NoOperationIsMissing()
    {
        var table = typeof(A2AEndpoint).Assembly.GetType("ServerlessA2A.Bindings.Operations.OperationTable", throwOnError: true)!;

        Assert.Equal(
            table.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal),
            MatrixOperations.All.Select(row => row.Operation).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(MatrixOperations.All.Count, MatrixOperations.All.Select(row => $"{row}").Distinct().Count());
    }

    [Fact]
    public void NoCellIsMissing()
    {
        using var client = new HttpClient();
        var rows = MatrixHost.Wires.Values.Sum(wire => MatrixOperations.Of(wire(client)).Count());

        // 16 rows on six wires, but for the list that 0.3 does not have over JSON-RPC and gRPC.
        Assert.Equal((6 * 16) - 2, rows);
        Assert.Equal(6 * 2 * 12, Unknown.Concat(Known).Select(column => string.Join('|', column)).Distinct().Count());
    }

    [SkippableTheory]
    [MemberData(nameof(Unknown))]
    public async Task WhoIsNotKnownIsRefusedByEveryOperation(string wireName, string algorithm, MatrixCredential credential)
    {
        NodeScripts.Require(host.Missing);
        var wire = host.WireOf(wireName);
        var subject = await host.MakeSubjectAsync(wire, algorithm);
        var before = await host.StateOfAsync(wire, subject, algorithm);

        await CheckAsync(wireName, $"{credential} of {algorithm}", row => AssertRefusedAsync(wire, row, subject, algorithm, credential));

        Assert.Equal(before, await host.StateOfAsync(wire, subject, algorithm));
    }

    [SkippableTheory]
    [MemberData(nameof(Known))]
    public async Task WhoIsKnownGetsTheOwnAndNothingElseOfEveryOperation(string wireName, string algorithm, MatrixCredential credential)
    {
        NodeScripts.Require(host.Missing);
        var wire = host.WireOf(wireName);
        // 0.3's JSON-RPC and gRPC know no tenants, and pass over what names one.
        var isRight = credential == MatrixCredential.RightCaller || (credential == MatrixCredential.OtherTenant && !wire.HasTenants);

        await CheckAsync(wireName, $"{credential} of {algorithm}", async row =>
        {
            var subject = await host.MakeSubjectAsync(wire, algorithm);
            if (isRight)
            {
                Assert.Equal(row.Right, await GistAsync(wire, row, subject, algorithm, credential));
                return;
            }

            var before = await host.StateOfAsync(wire, subject, algorithm);
            await AssertNothingIsSeenAsync(wire, row, subject, algorithm, credential);
            Assert.Equal(before, await host.StateOfAsync(wire, subject, algorithm));
        });
    }

    private static bool IsKnown(MatrixCredential credential) =>
        credential is MatrixCredential.OtherCaller or MatrixCredential.OtherTenant or MatrixCredential.RightCaller;

    private static TheoryData<string, string, MatrixCredential> Columns(Func<MatrixCredential, bool> filter)
    {
        var columns = new TheoryData<string, string, MatrixCredential>();
        var cells =
            from wire in MatrixHost.Wires.Keys
            from algorithm in Algorithms
            from credential in Enum.GetValues<MatrixCredential>()
            where filter(credential)
            select (wire, algorithm, credential);
        foreach (var (wire, algorithm, credential) in cells)
            columns.Add(wire, algorithm, credential);
        return columns;
    }

    /// <summary>Checks all cells of a column, and names those that are not as they should be.</summary>
    private async Task CheckAsync(string wireName, string column, Func<MatrixOperation, Task> check)
    {
        var faults = new List<string>();
        foreach (var row in MatrixOperations.Of(host.WireOf(wireName)))
        {
            try
            {
                await check(row);
            }
            catch (Exception fault)
            {
                faults.Add($"{row} over {wireName} with {column}: {fault.Message}");
            }
        }

        Assert.True(faults.Count == 0, string.Join("\n\n", faults));
    }

    /// <summary>A caller that is not known is told so, in the shape of the binding, before anything else is looked at.</summary>
    private async Task AssertRefusedAsync(Wire wire, MatrixOperation row, Subject subject, string algorithm, MatrixCredential credential)
    {
        var asked = host.Asked;
        var answer = await AnswerAsync(wire, row, subject, algorithm, credential);

        var (challenge, message) = credential == MatrixCredential.None
            ? ("Bearer", "The request has no credential.")
            : ("Bearer error=\"invalid_token\"", "The credential is not valid.");
        var body = MatrixErrors.Unauthenticated(wire, message);
        // Of the bindings, 1.0's HTTP+JSON alone answers in the type that is asked for.
        var vary = wire is HttpJsonWire ? "\nVary: Accept" : "";
        var type = wire.AnswerTypeOf(row.Request(wire, subject));
        var headers =
            $"Content-Length: {body.Length}\nContent-Type: {type}{vary}\nWWW-Authenticate: {challenge}\nX-Content-Type-Options: nosniff";
        Assert.Equal(new MatrixAnswer(401, headers, body), answer);
        Assert.Equal(asked, host.Asked);
    }

    /// <summary>What is somebody else's is not there.</summary>
    private async Task AssertNothingIsSeenAsync(
        Wire wire, MatrixOperation row, Subject subject, string algorithm, MatrixCredential credential)
    {
        if (row.Others is not null)
        {
            Assert.Equal(row.Others, await GistAsync(wire, row, subject, algorithm, credential));
            // Of sends each makes another task.
            if (row.Operation.StartsWith("Send", StringComparison.Ordinal))
                return;
        }

        var notThere = subject.NotThere();
        var answer = await AnswerAsync(wire, row, subject, algorithm, credential);

        Assert.Equal((await AnswerAsync(wire, row, notThere, algorithm, credential)).About(subject, notThere), answer);
        if (row.Others is null)
            Assert.Equal(ErrorOf(wire, row, subject), (answer.Status, answer.Body));
    }

    private static (int Status, string Body) ErrorOf(Wire wire, MatrixOperation row, Subject subject)
    {
        var error = MatrixErrors.TaskNotFound(wire, subject.TaskId);
        return row.AnswersErrorsAsEvents(wire) ? (200, $"data: {error}\n\n") : (wire.IsJsonRpc ? 200 : 404, error);
    }

    private async Task<MatrixAnswer> AnswerAsync(
        Wire wire, MatrixOperation row, Subject subject, string algorithm, MatrixCredential credential)
    {
        using var response = await host.SendAsync(wire, row.Request(wire, subject), algorithm, credential);
        return await MatrixAnswer.ReadAsync(response).WithinLimit("the answer ends");
    }

    private async Task<string> GistAsync(Wire wire, MatrixOperation row, Subject subject, string algorithm, MatrixCredential credential)
    {
        using var response = await host.SendAsync(wire, row.Request(wire, subject), algorithm, credential);
        if (row.Streams && response.Content.Headers.ContentType?.MediaType == "text/event-stream")
        {
            using var stream = new SseReader(response, await response.Content.ReadAsStreamAsync());
            return row.Gist(wire, subject, (await stream.ReadAsync())!.Json);
        }

        var reply = wire.Read(response, await response.Content.ReadAsStringAsync());
        Assert.Equal((200, null), ((int)reply.Status, reply.Message));
        return row.Gist(wire, subject, reply.Result);
    }
}
