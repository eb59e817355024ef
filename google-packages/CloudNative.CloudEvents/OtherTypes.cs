// The names that the real package has besides. A name that is unambiguous without them may be ambiguous with them, or mean another
// type: with these the compiler finds it here as well. None of them can be used.
namespace CloudNative.CloudEvents.Http
{
    public static class HttpListenerExtensions;
    public static class HttpWebExtensions;
}
namespace CloudNative.CloudEvents.AspNetCore
{
    public static class HttpResponseExtensions;
}
