// @a2a-js/sdk 0.3.14 behind the neutral client of the scenarios.
import * as sdk from 'a2a-0.3/client';
import { GrpcTransport, GrpcTransportFactory } from 'a2a-0.3/client/grpc';
import { callOptions, reasonOf } from './grpc.mjs';
import { map, protoLosses, withAppend } from './losses.mjs';

const transportNames = { jsonrpc: 'JSONRPC', 'http+json': 'HTTP+JSON', grpc: 'GRPC' };
const errorNames = {
  '-32001': 'TaskNotFound', '-32002': 'TaskNotCancelable', '-32003': 'PushNotificationNotSupported', '-32004': 'UnsupportedOperation',
  '-32005': 'ContentTypeNotSupported', '-32007': 'ExtendedAgentCardNotConfigured', '-32009': 'VersionNotSupported', '-32602': 'RequestMalformed',
};

const reasonNames = {
  UNSUPPORTED_OPERATION: 'UnsupportedOperation', CONTENT_TYPE_NOT_SUPPORTED: 'ContentTypeNotSupported',
  VERSION_NOT_SUPPORTED: 'VersionNotSupported', INVALID_PARAMS: 'RequestMalformed',
};

export async function connect(baseUrl, binding, wire) {
  const options = { fetchImpl: wire.fetch };
  const factory = new sdk.ClientFactory({
    transports: [new sdk.JsonRpcTransportFactory(options), new sdk.RestTransportFactory(options), new GrpcTransportFactory({ grpcCallOptions: callOptions(wire) })],
    preferredTransports: [transportNames[binding]],
    cardResolver: new sdk.DefaultAgentCardResolver(options),
  });
  return new Client(await factory.createFromUrl(baseUrl), transportNames[binding], wire);
}

class Client {
  version = '0.3';

  constructor(client, transportName, wire) {
    this.client = client;
    this.transportName = transportName;
    this.unsent = transportName === 'JSONRPC' ? [] : protoLosses;
    this.complete = transportName === 'HTTP+JSON' ? withAppend(wire) : (events) => events;
  }

  async card() {
    const card = await this.client.getAgentCard();
    const interfaces = [{ url: card.url, transport: card.preferredTransport }, ...(card.additionalInterfaces ?? [])];
    return {
      name: card.name,
      version: card.version,
      protocolVersion: card.protocolVersion.replace(/^(\d+\.\d+)\..*$/, '$1'),
      address: interfaces.find((each) => each.transport === this.transportName)?.url,
      transport: this.client.transport instanceof GrpcTransport ? 'GRPC' : this.client.transport instanceof sdk.RestTransport ? 'HTTP+JSON' : 'JSONRPC',
      streaming: card.capabilities.streaming,
      pushNotifications: card.capabilities.pushNotifications,
      skills: card.skills.map((skill) => skill.id),
    };
  }

  async send(what) {
    return toAnswer(await this.client.sendMessage(toRequest(what)));
  }

  async *stream(what, signal) {
    yield* this.complete(map(this.client.sendMessageStream(toRequest(what), { signal }), toEvent));
  }

  async *subscribe(id, { lastEventId, signal } = {}) {
    const serviceParameters = lastEventId ? { 'Last-Event-ID': lastEventId } : undefined;
    yield* this.complete(map(this.client.resubscribeTask({ id }, { signal, serviceParameters }), toEvent));
  }

  async get(id, { historyLength } = {}) {
    return toTask(await this.client.getTask({ id, historyLength }));
  }

  async cancel(id) {
    return toTask(await this.client.cancelTask({ id }));
  }

  createPush({ taskId, ...config }) {
    return this.client.setTaskPushNotificationConfig({ taskId, pushNotificationConfig: toPush(config) }).then(fromPush);
  }

  getPush(taskId, id) {
    return this.client.getTaskPushNotificationConfig({ id: taskId, pushNotificationConfigId: id }).then(fromPush);
  }

  async listPush(taskId) {
    return (await this.client.listTaskPushNotificationConfig({ id: taskId })).map(fromPush);
  }

  deletePush(taskId, id) {
    return this.client.deleteTaskPushNotificationConfig({ id: taskId, pushNotificationConfigId: id });
  }

  /** What a client that asks all the same gets: the SDK's own client looks at the card first. */
  extendedCard() {
    return this.client.transport.getExtendedAgentCard();
  }
}

/** The name of the SDK's typed error; of errors that this SDK has no type for, the name that belongs to their code; else the error itself. */
export function errorName(error) {
  for (const each of [error, error?.cause]) {
    const known = Object.keys(sdk).find((name) => name.endsWith('Error') && each instanceof sdk[name]);
    if (known) return known.replace(/^Authenticated/, '').replace(/^ExtendedCard/, 'ExtendedAgentCard').replace(/Error$/, '');
  }
  const code = /\(Code: (-\d+)\)/.exec(error?.message)?.[1];
  return errorNames[code] ?? reasonNames[reasonOf(error?.cause)] ?? `${error?.name}: ${error?.message}`;
}

function toRequest({ text, parts = [{ text }], messageId = crypto.randomUUID(), taskId, contextId, ...configuration }) {
  const { returnImmediately, historyLength, push, acceptedOutputModes } = configuration;
  return {
    message: { kind: 'message', messageId, role: 'user', parts: parts.map(toPart), ...(taskId && { taskId }), ...(contextId && { contextId }) },
    configuration: {
      blocking: !returnImmediately,
      ...(acceptedOutputModes && { acceptedOutputModes }),
      ...(historyLength !== undefined && { historyLength }),
      ...(push && { pushNotificationConfig: toPush(push) }),
    },
  };
}

function toPart({ text, data, bytes, url, mediaType, filename, metadata }) {
  const own =
    text !== undefined ? { kind: 'text', text }
    : data !== undefined ? { kind: 'data', data }
    : { kind: 'file', file: { ...(bytes !== undefined ? { bytes } : { uri: url }), mimeType: mediaType, name: filename } };
  return { ...own, ...(metadata && { metadata }) };
}

function fromPart({ kind, text, data, file, metadata }) {
  const own =
    kind === 'text' ? { text }
    : kind === 'data' ? { data }
    : file.bytes !== undefined ? { bytes: file.bytes }
    : { url: file.uri };
  return { ...own, ...(file?.mimeType && { mediaType: file.mimeType }), ...(file?.name && { filename: file.name }), ...(metadata && { metadata }) };
}

const toArtifact = ({ artifactId, parts }) => ({ artifactId, parts: parts.map(fromPart) });
const toAnswer = (answer) => (answer.kind === 'message' ? { kind: 'message', ...toDirect(answer) } : toTask(answer));
const toDirect = (message) => ({ contextId: message.contextId, taskId: message.taskId, message: toMessage(message) });
const toMessage = ({ messageId, role, parts }) => ({ messageId, role, parts: parts.map(fromPart) });
const toStatus = ({ state, message, timestamp }) => ({ state: state.toUpperCase().replace('-', '_'), message: message && toMessage(message), timestamp });

function toTask({ id, contextId, status, artifacts = [], history = [] }) {
  return { id, contextId, status: toStatus(status), artifacts: artifacts.map(toArtifact), history: history.map(toMessage) };
}

function toEvent(event) {
  const { kind, taskId, contextId, status, final, artifact, append, lastChunk } = event;
  switch (kind) {
    case 'task': return { kind, task: toTask(event) };
    case 'message': return { kind, ...toDirect(event) };
    case 'status-update': return { kind: 'status', taskId, contextId, status: toStatus(status), final };
    case 'artifact-update': return { kind: 'artifact', taskId, contextId, artifact: toArtifact(artifact), append, lastChunk };
    default: throw new Error(`An event of the kind ${kind}, which this agent does not send.`);
  }
}

function toPush({ id, url, token, scheme, credentials }) {
  return { id, url, token, ...(scheme && { authentication: { schemes: [scheme], credentials } }) };
}

function fromPush({ taskId, pushNotificationConfig: { id, url, token, authentication } }) {
  return { taskId, id, url, token, scheme: authentication?.schemes[0], credentials: authentication?.credentials };
}
