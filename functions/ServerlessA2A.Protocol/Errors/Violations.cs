using System.Text;
using System.Text.Json;
using ServerlessA2A.Protocol.Json.Fields;

namespace ServerlessA2A.Protocol.Errors;

/// <summary>Collects the violations of a request. Allocates nothing while there are none.</summary>
internal ref struct Violations
{
    private List<FieldViolation>? _found;

    public void Add(string field, string description) => (_found ??= []).Add(new(field, description));

    public readonly void ThrowIfAny()
    {
        if (_found is not null) throw A2AException.InvalidParams(_found);
    }

    public void Id(string field, string? id)
    {
        if (string.IsNullOrEmpty(id)) Add(field, "is required");
        else OptionalId(field, id);
    }

    public void OptionalId(string field, string? id)
    {
        if (id is not null && Encoding.UTF8.GetByteCount(id) > RequestValidation.MaxIdLength)
            Add(field, $"must not be longer than {RequestValidation.MaxIdLength} bytes");
    }

    public void Length(string field, string? text, int longest)
    {
        if (text?.Length > longest) Add(field, $"must not be longer than {longest} characters");
    }

    public void NotNegative(string field, int? value)
    {
        if (value < 0) Add(field, "must not be negative");
    }

    public void PageSize(int? value)
    {
        if (value is < 1 or > RequestValidation.MaxPageSize) Add("pageSize", $"must be from 1 to {RequestValidation.MaxPageSize}");
    }

    public void Depth(string field, JsonElement? json)
    {
        if (Nesting.IsTooDeep(json)) Add(field, Nesting.TooDeep);
    }

    public void Items(string field, IReadOnlyList<string>? items)
    {
        for (var i = 0; i < items?.Count; i++)
        {
            if (items[i] is null) Add($"{field}[{i}]", "must not be null");
        }
    }
}
