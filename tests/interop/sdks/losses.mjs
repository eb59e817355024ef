// What the SDKs' 0.3 over HTTP+JSON loses between the wire and its user, in both packages (src/types/converters, src/compat/v0_3/types/converters).

/** Members of parts that are not sent: to_proto does not know them. */
export const protoLosses = ['metadata', 'filename'];

/** Artifact updates without `append`: from_proto drops it, so it is taken from the wire. */
export const withAppend = (wire) =>
  async function* (events) {
    let stream;
    let i = 0;
    for await (const event of events) {
      stream ??= wire.streams.at(-1);
      const { artifactUpdate } = stream[i++].data;
      yield artifactUpdate ? { ...event, append: artifactUpdate.append } : event;
    }
  };

export async function* map(events, change) {
  for await (const event of events) yield change(event);
}
