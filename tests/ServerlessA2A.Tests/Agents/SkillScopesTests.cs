using System.Text.Json;
using ServerlessA2A.Agents;
using ServerlessA2A.Protocol.Errors;

namespace ServerlessA2A.Tests.Agents;

public class SkillScopesTests
{
    private static readonly SkillScopes Scopes = new([new("open", []), new("read", ["a"]), new("write", ["a", "b"])]);
    private static readonly SkillScopes Closed = new([new("read", ["a"]), new("write", ["a", "b"])]);

    [Theory]
    [InlineData(null, "open")]
    [InlineData("""{}""", "open")]
    [InlineData("""{"scope":"a"}""", "open read")]
    [InlineData("""{"scope":"b  a c"}""", "open read write")]
    [InlineData("""{"scp":["a","b"]}""", "open read write")]
    [InlineData("""{"scp":"a"}""", "open read")]
    [InlineData("""{"scope":"a","scp":["b"]}""", "open read write")]
    [InlineData("""{"scope":["a b"]}""", "open read write")]
    [InlineData("""{"scope":"A ab"}""", "open")]
    [InlineData("""{"scope":"\ud800","scp":["a","\ud800"]}""", "open read")]
    [InlineData("""{"scope":1,"scp":[true,{"a":"b"}]}""", "open")]
    public void ACallerMayUseTheSkillsWhoseScopesTheTokenHas(string? claims, string expected) =>
        Assert.Equal(expected.Split(' '), Scopes.Allowed(null, Json(claims)));

    [Theory]
    [InlineData("read", """{"scope":"a"}""", "read")]
    [InlineData("write", """{"scope":"a"}""", "")]
    [InlineData("open", null, "open")]
    public void ANamedSkillIsTheOnlyOne(string skill, string? claims, string expected) =>
        Assert.Equal(expected, string.Join(' ', Scopes.Allowed(Naming($"\"{skill}\""), Json(claims))));

    [Fact]
    public void ANamedSkillWithoutItsScopesIsRefusedWithThoseThatAreMissing()
    {
        var fault = Assert.Throws<A2AException>(() => Scopes.Check(Naming("\"write\""), Json("""{"scope":"a"}""")));
        Assert.Same(A2AError.PermissionDenied, fault.Error);
        Assert.Equal("The skill write requires the scopes b, which the token does not have.", fault.Message);
    }

    [Fact]
    public void ACallerWhoMayUseNoSkillIsRefused()
    {
        Assert.Same(A2AError.PermissionDenied, Assert.Throws<A2AException>(() => Closed.Check(null, null)).Error);
        Closed.Check(null, Json("""{"scope":"a"}"""));
        Scopes.Check(null, null);
    }

    [Theory]
    [InlineData("\"fly\"", "must be the id of a skill of this agent: open, read, write")]
    [InlineData("7", "must be the id of a skill")]
    [InlineData("\"\\ud800\"", "must be the id of a skill")]
    public void AWrongSkillIsNamed(string skill, string description)
    {
        var violation = Assert.Single(Assert.Throws<A2AException>(() => Scopes.Check(Naming(skill), null)).FieldViolations);
        Assert.Equal(("metadata.serverlessa2a.skill", description), (violation.Field, violation.Description));
    }

    [Fact]
    public void NullNamesNone() => Scopes.Check(Naming("null"), null);

    private static JsonElement Naming(string skill) => JsonElement.Parse($$"""{"{{SkillScopes.Key}}":{{skill}}}""");

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);
}
