// The forms of A2A on the wire: 1.0, and 0.3 in the JSON of either binding. The page works with the form of 1.0, its states in short.

export const ENDED = ['completed', 'failed', 'canceled', 'rejected'];
export const ASKING = ['input-required', 'auth-required'];

export const state = name => String(name ?? '').replace('TASK_STATE_', '').toLowerCase().replaceAll('_', '-').replace('cancelled', 'canceled');

export const stateOfV1 = name => 'TASK_STATE_' + name.toUpperCase().replaceAll('-', '_');

const list = value => Array.isArray(value) ? value : [];
const object = value => value !== null && typeof value === 'object' ? value : {};

export function part(value) {
  const { text, raw, url, data, file, filename, mediaType, metadata } = object(value);
  const old = object(file);
  return {
    text,
    raw: raw ?? old.bytes ?? old.fileWithBytes,
    url: url ?? old.uri ?? old.fileWithUri,
    // In the proto file of 0.3 data is in an object of its own.
    data: data,
    filename: filename ?? old.name,
    mediaType: mediaType ?? old.mimeType,
    metadata,
  };
}

export function message(value) {
  const { messageId, role, parts, content, contextId, taskId } = object(value);
  return {
    messageId, contextId, taskId,
    role: String(role ?? '').replace('ROLE_', '').toLowerCase(),
    parts: list(parts ?? content).map(part),
  };
}

const status = value => {
  const { state: name, message: said, update, timestamp } = object(value);
  return { state: state(name), message: said ?? update ? message(said ?? update) : null, timestamp };
};

const artifact = value => ({ ...object(value), parts: list(object(value).parts).map(part) });

export function task(value) {
  const { id, contextId, status: current, history, artifacts, metadata } = object(value);
  return {
    id, contextId, metadata, status: status(current), history: list(history).map(message), artifacts: list(artifacts).map(artifact),
  };
}

// An item of a stream, or the result of a send: { kind, taskId, contextId, … }.
export function event(value) {
  const item = object(value);
  const kind = item.kind;
  if (item.task || kind === 'task' || (item.id && item.status)) {
    const made = task(item.task ?? item);
    return { kind: 'task', taskId: made.id, contextId: made.contextId, task: made };
  }
  const changed = item.statusUpdate ?? (kind === 'status-update' ? item : null);
  if (changed) return { kind: 'status', taskId: changed.taskId, contextId: changed.contextId, status: status(changed.status) };
  const updated = item.artifactUpdate ?? (kind === 'artifact-update' ? item : null);
  if (updated) {
    return {
      kind: 'artifact', taskId: updated.taskId, contextId: updated.contextId,
      artifact: artifact(updated.artifact), append: updated.append === true, lastChunk: updated.lastChunk === true,
    };
  }
  const said = item.message ?? item.msg ?? (kind === 'message' ? item : null);
  if (said) return { kind: 'message', contextId: said.contextId, message: message(said) };
  return { kind: 'unknown' };
}

// Folds an event into a task. An event that the task holds already, by its number, changes nothing.
export function fold(current, id, change) {
  if (change.kind === 'task') {
    if (current && id !== null && id < current.seq) return current;
    const known = new Set(change.task.history.map(each => each.messageId));
    const earlier = (current?.history ?? []).filter(each => !known.has(each.messageId));
    return { ...change.task, history: [...earlier, ...change.task.history], seq: id ?? current?.seq ?? 0 };
  }
  if (!current || (id !== null && id <= current.seq)) return current;
  const next = { ...current, seq: id ?? current.seq };
  if (change.kind === 'status') {
    if (current.status.message) next.history = [...current.history, current.status.message];
    next.status = change.status;
  } else if (change.kind === 'artifact') {
    const at = current.artifacts.findIndex(each => each.artifactId === change.artifact.artifactId);
    next.artifacts = [...current.artifacts];
    if (at < 0) next.artifacts.push(change.artifact);
    else next.artifacts[at] = change.append ? appended(current.artifacts[at], change.artifact) : change.artifact;
  }
  return next;
}

// Chunks of text become one text.
function appended(artifact, chunk) {
  const parts = [...artifact.parts];
  for (const piece of chunk.parts) {
    const last = parts.at(-1);
    if (last && last.text !== undefined && piece.text !== undefined) parts[parts.length - 1] = { ...last, text: last.text + piece.text };
    else parts.push(piece);
  }
  return { ...artifact, parts };
}

// A message of 1.0 in the form of a version and binding.
export function outgoing(made, version, binding) {
  if (version === '1.0') return made;
  const proto = binding === 'HTTP+JSON';
  const { parts, role: _, ...rest } = made;
  const old = parts.map(each => oldPart(each, proto));
  return proto
    ? { ...rest, role: 'ROLE_USER', content: old }
    : { kind: 'message', ...rest, role: 'user', parts: old };
}

function oldPart({ text, raw, url, data, filename, mediaType }, proto) {
  const kind = name => proto ? {} : { kind: name };
  if (text !== undefined) return { ...kind('text'), text };
  if (data !== undefined) return { ...kind('data'), data: proto ? { data } : data };
  const file = { name: filename, mimeType: mediaType };
  if (raw !== undefined) file[proto ? 'fileWithBytes' : 'bytes'] = raw;
  else file[proto ? 'fileWithUri' : 'uri'] = url;
  return { ...kind('file'), file };
}
