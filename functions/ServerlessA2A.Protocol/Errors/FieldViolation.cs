namespace ServerlessA2A.Protocol.Errors;

/// <summary>An invalid field of a request.</summary>
/// <param name="Field">The path to the field, such as <c>message.parts[0].raw</c>; empty for the request as a whole.</param>
/// <param name="Description">The fault, as a predicate of the field's name: "must not be empty".</param>
/// <remarks>A google.rpc.BadRequest.FieldViolation; A2A 1.0, sections 9.5 and 11.6.</remarks>
public sealed record FieldViolation(string Field, string Description);
