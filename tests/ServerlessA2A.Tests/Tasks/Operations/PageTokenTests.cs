using ServerlessA2A.Protocol.Errors;
using ServerlessA2A.Protocol.Tasks;
using ServerlessA2A.Tasks;
using ServerlessA2A.Tasks.Operations;

namespace ServerlessA2A.Tests.Tasks.Operations;

public class PageTokenTests
{
    private static readonly TaskCursor Cursor = new(
        new DateTimeOffset(2026, 1, 1, 12, 34, 56, 789, TimeSpan.Zero), new DateTimeOffset(2026, 1, 8, 12, 34, 56, 789, TimeSpan.Zero),
        "a task größe");

    private static readonly TaskQuery Query = new()
    {
        Owner = "0::alice",
        ContextId = "c",
        State = TaskState.Working,
        StatusSince = Cursor.StatusAt.AddDays(-1),
        PageSize = 10,
    };

    [Fact]
    public void ATokenGoesOnWhereItWasGivenOut() => Assert.Equal(Cursor, PageToken.Read(Query, PageToken.Write(Query, Cursor)));

    [Fact]
    public void ThePageSizeMayChangeBetweenPages() =>
        Assert.Equal(Cursor, PageToken.Read(Query with { PageSize = 99 }, PageToken.Write(Query, Cursor)));

    [Fact]
    public void ATokenGoesInAQueryStringAsItIs() => Assert.Matches("^[A-Za-z0-9_-]+$", PageToken.Write(Query, Cursor));

    [Fact]
    public void ATokenWithAnyCharacterChangedIsRefused()
    {
        // Task ids of several lengths: the last character of a token may hold bits that say nothing.
        foreach (var id in new[] { "a", "ab", "abc", "abcd" })
        {
            var token = PageToken.Write(Query, Cursor with { TaskId = id });
            for (var i = 0; i < token.Length; i++)
            {
                foreach (var other in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/ %\u00e4\ud800".Where(
                    other => other != token[i]))
                    Refused(Query, string.Concat(token.AsSpan(0, i), [other], token.AsSpan(i + 1)));
            }
        }
    }

    [Fact]
    public void ATokenThatWasCutOrExtendedIsRefused()
    {
        var token = PageToken.Write(Query, Cursor);
        for (var length = 0; length < token.Length; length++)
            Refused(Query, token[..length]);
        foreach (var more in new[] { "A", "AA", "AAAA", "=", " ", "\n" })
        {
            Refused(Query, token + more);
            Refused(Query, more + token);
        }
    }

    [Fact]
    public void ATokenOfAnotherOwnerOrOfOtherFiltersIsRefused()
    {
        var token = PageToken.Write(Query, Cursor);
        Refused(Query with { Owner = "0::bob" }, token);
        Refused(Query with { ContextId = null }, token);
        Refused(Query with { ContextId = "c " }, token);
        Refused(Query with { State = TaskState.Completed }, token);
        Refused(Query with { State = null }, token);
        Refused(Query with { StatusSince = null }, token);
        Refused(Query with { StatusSince = Cursor.StatusAt }, token);
        // What belongs to one filter can't be spelled as a part of its neighbour.
        Refused(Query with { Owner = "0::alice 1 c", ContextId = null }, token);
    }

    [Theory]
    [InlineData("1")]
    [InlineData("null")]
    [InlineData("'; drop table tasks")]
    public void WhatIsNoTokenIsRefused(string token) => Refused(Query, token);

    [Fact]
    public void ATokenWithAnIdThatNoTaskHasIsRefused()
    {
        foreach (var id in new[] { "", "a/b", "..", "__a__", new string('x', 1501) })
            Refused(Query, PageToken.Write(Query, Cursor with { TaskId = id }));
        foreach (var id in new[] { "...", "__a", "a__", new string('x', 1500) })
            Assert.Equal(id, PageToken.Read(Query, PageToken.Write(Query, Cursor with { TaskId = id })).TaskId);
    }

    private static void Refused(TaskQuery query, string token)
    {
        var refusal = Assert.Throws<A2AException>(() => PageToken.Read(query, token));
        Assert.Equal((A2AError.InvalidParams, "pageToken"), (refusal.Error, refusal.FieldViolations[0].Field));
    }
}
