// What the gRPC transports of the SDKs are given.
import grpc from '@grpc/grpc-js';

/** Sends the headers of the wire as metadata. */
export const callOptions = (wire) => ({
  interceptors: [
    (options, next) =>
      new grpc.InterceptingCall(next(options), {
        start(metadata, listener, start) {
          for (const [name, value] of Object.entries(wire.headers)) metadata.set(name, value);
          start(metadata, listener);
        },
      }),
  ],
});

/** The reason in the details of an error, which 0.3's SDK does not read. */
export const reasonOf = (error) => /ErrorInfo[^A-Z]+([A-Z_]+)/.exec(error?.metadata?.get('grpc-status-details-bin')[0]?.toString('latin1'))?.[1];
