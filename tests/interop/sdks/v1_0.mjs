// @a2a-js/sdk 1.3.0 behind the neutral client of the scenarios; with `as03`, its compatibility client, which speaks 0.3.
import { ClientFactory, DefaultAgentCardResolver, JsonRpcTransportFactory, RestTransportFactory } from 'a2a-1.0/client';
import { GrpcTransportFactory } from 'a2a-1.0/client/grpc';
import { A2AError } from 'a2a-1.0/errors';
import { Role, TaskState } from 'a2a-1.0';
import { callOptions } from './grpc.mjs';
import { map, protoLosses, withAppend } from './losses.mjs';

const transportNames = { jsonrpc: 'JSONRPC', 'http+json': 'HTTP+JSON', grpc: 'GRPC' };

export async function connect(baseUrl, binding, wire, { as03 = false } = {}) {
  const options = { fetchImpl: wire.fetch, legacyCompat: { enabled: as03 } };
  const factory = new ClientFactory({
    transports: [new JsonRpcTransportFactory(options), new RestTransportFactory(options), new GrpcTransportFactory({ ...options, grpcCallOptions: callOptions(wire) })],
    preferredTransports: [transportNames[binding]],
    cardResolver: new DefaultAgentCardResolver(options),
  });
  // The SDK prefers 1.0 wherever a card offers it: what it does with an agent of the old version shows on the old card alone.
  if (as03) wire.headers['A2A-Version'] = '0.3';
  const client = await factory.createFromUrl(baseUrl);
  delete wire.headers['A2A-Version'];
  return new Client(client, transportNames[binding], wire, as03 ? '0.3' : '1.0');
}

class Client {
  constructor(client, transportName, wire, version) {
    this.client = client;
    this.transportName = transportName;
    this.version = version;
    this.unsent = version === '0.3' && transportName !== 'JSONRPC' ? protoLosses : [];
    this.complete = version === '0.3' && transportName === 'HTTP+JSON' ? withAppend(wire) : (events) => events;
  }

  async card() {
    const card = await this.client.getAgentCard();
    const mine = card.supportedInterfaces.filter((each) => each.protocolBinding === this.transportName && each.protocolVersion.startsWith(this.version));
    return {
      name: card.name,
      version: card.version,
      protocolVersion: this.client.protocolVersion,
      address: mine[0]?.url,
      transport: this.client.transport.protocolName,
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
    yield* this.complete(map(this.client.resubscribeTask({ tenant: '', id }, { signal, serviceParameters }), toEvent));
  }

  async get(id, { historyLength, tenant = '' } = {}) {
    return toTask(await this.client.getTask({ tenant, id, historyLength }));
  }

  async cancel(id, { tenant = '' } = {}) {
    return toTask(await this.client.cancelTask({ tenant, id, metadata: undefined }));
  }

  async list({ contextId = '', state, ...rest }) {
    const page = await this.client.listTasks({
      tenant: '', pageToken: '', statusTimestampAfter: undefined, contextId, status: state ? TaskState[`TASK_STATE_${state}`] : 0, ...rest,
    });
    return { ...page, tasks: page.tasks.map(toTask) };
  }

  createPush({ taskId, id, url, token, scheme, credentials }) {
    return this.client.createTaskPushNotificationConfig(toPush({ taskId, id, url, token, scheme, credentials })).then(fromPush);
  }

  getPush(taskId, id) {
    return this.client.getTaskPushNotificationConfig({ tenant: '', taskId, id }).then(fromPush);
  }

  async listPush(taskId) {
    const { configs } = await this.client.listTaskPushNotificationConfig({ tenant: '', taskId, pageSize: 0, pageToken: '' });
    return configs.map(fromPush);
  }

  deletePush(taskId, id) {
    return this.client.deleteTaskPushNotificationConfig({ tenant: '', taskId, id });
  }

  /** What a client that asks all the same gets: the SDK's own client looks at the card first. */
  extendedCard() {
    return this.client.transport.getExtendedAgentCard({ tenant: '' }, { serviceParameters: { 'A2A-Version': this.client.protocolVersion } });
  }

  /** The name of the SDK's typed error, without its transport; else the error itself. */
  static errorName(error) {
    const typed = [error, error?.cause].find((each) => each instanceof A2AError);
    return typed ? typed.constructor.name.replace(/^(JsonRpc|Rest|Grpc)/, '').replace(/Error$/, '') : `${error?.name}: ${error?.message}`;
  }
}

export const errorName = Client.errorName;

function toRequest({ text, parts = [{ text }], messageId = crypto.randomUUID(), taskId = '', contextId = '', tenant = '', ...configuration }) {
  const { returnImmediately, historyLength, push, acceptedOutputModes = [] } = configuration;
  return {
    tenant,
    message: {
      messageId, taskId, contextId, role: Role.ROLE_USER, parts: parts.map(toPart), metadata: undefined, extensions: [], referenceTaskIds: [],
    },
    configuration: { acceptedOutputModes, taskPushNotificationConfig: push && toPush({ taskId: '', ...push }), historyLength, returnImmediately },
    metadata: undefined,
  };
}

function toPart({ text, data, bytes, url, mediaType = '', filename = '', metadata }) {
  const content =
    text !== undefined ? { $case: 'text', value: text }
    : data !== undefined ? { $case: 'data', value: data }
    : bytes !== undefined ? { $case: 'raw', value: Buffer.from(bytes, 'base64') }
    : { $case: 'url', value: url };
  return { content, metadata, filename, mediaType };
}

function fromPart({ content: { $case, value }, mediaType, filename, metadata }) {
  const own = $case === 'raw' ? { bytes: Buffer.from(value).toString('base64') } : { [$case]: value };
  return { ...own, ...(mediaType && { mediaType }), ...(filename && { filename }), ...(metadata && { metadata }) };
}

const toArtifact = ({ artifactId, parts }) => ({ artifactId, parts: parts.map(fromPart) });
/** A task, or the message in its place, which the SDK hands out as it is. */
const toAnswer = (answer) => (answer.messageId === undefined ? toTask(answer) : { kind: 'message', ...toDirect(answer) });
const toDirect = (message) => ({ contextId: message.contextId, taskId: message.taskId, message: toMessage(message) });
const toMessage = ({ messageId, role, parts }) => ({ messageId, role: Role[role].replace('ROLE_', '').toLowerCase(), parts: parts.map(fromPart) });
const toStatus = ({ state, message, timestamp }) => ({ state: TaskState[state].replace('TASK_STATE_', ''), message: message && toMessage(message), timestamp });

function toTask({ id, contextId, status, artifacts, history }) {
  return { id, contextId, status: toStatus(status), artifacts: artifacts.map(toArtifact), history: history.map(toMessage) };
}

function toEvent({ payload: { $case, value } }) {
  const { taskId, contextId, status, artifact, append, lastChunk } = value;
  switch ($case) {
    case 'task': return { kind: 'task', task: toTask(value) };
    case 'message': return { kind: 'message', ...toDirect(value) };
    case 'statusUpdate': return { kind: 'status', taskId, contextId, status: toStatus(status) };
    case 'artifactUpdate': return { kind: 'artifact', taskId, contextId, artifact: toArtifact(artifact), append, lastChunk };
    default: throw new Error(`An event of the kind ${$case}, which this agent does not send.`);
  }
}

function toPush({ taskId, id = '', url, token = '', scheme, credentials }) {
  return { tenant: '', taskId, id, url, token, authentication: scheme ? { scheme, credentials } : undefined };
}

function fromPush({ taskId, id, url, token, authentication }) {
  return { taskId, id, url, token, scheme: authentication?.scheme, credentials: authentication?.credentials };
}
