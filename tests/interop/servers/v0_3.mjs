import { randomUUID } from 'node:crypto';
import { DefaultRequestHandler, InMemoryTaskStore } from 'a2a-0.3/server';
import { UserBuilder, agentCardHandler, jsonRpcHandler, restHandler } from 'a2a-0.3/server/express';
import { pause, stepsOf } from './script.mjs';

const message = (taskId, contextId, text) => ({
  kind: 'message', messageId: randomUUID(), role: 'agent', taskId, contextId, parts: [{ kind: 'text', text }],
});

const executor = {
  async execute({ userMessage, task, taskId, contextId }, bus) {
    for (const step of stepsOf(userMessage.parts[0].text, task !== undefined)) {
      await pause();
      if (step.reply) bus.publish(message(undefined, contextId, step.reply));
      else if (step.artifact) {
        const artifact = { artifactId: step.artifact, parts: [{ kind: 'text', text: step.text }] };
        bus.publish({ kind: 'artifact-update', taskId, contextId, artifact, append: step.append });
      } else {
        const status = { state: step.state, timestamp: new Date().toISOString() };
        if (step.text) status.message = message(taskId, contextId, step.text);
        if (step.state === 'working' && !task) bus.publish({ kind: 'task', id: taskId, contextId, status, history: [userMessage] });
        else bus.publish({ kind: 'status-update', taskId, contextId, status, final: step.state !== 'working' });
      }
    }
    bus.finished();
  },
  async cancelTask(taskId, bus) {
    bus.publish({ kind: 'status-update', taskId, contextId: '', status: { state: 'canceled' }, final: true });
    bus.finished();
  },
};

export function serve(app, address) {
  const card = {
    protocolVersion: '0.3.0', name: 'JavaScript', description: 'Served by the published SDK.', version: '1', skills: [],
    url: `${address}/rpc`, preferredTransport: 'JSONRPC', additionalInterfaces: [{ url: `${address}/rest`, transport: 'HTTP+JSON' }],
    capabilities: { streaming: true, pushNotifications: true }, defaultInputModes: ['text'], defaultOutputModes: ['text'],
  };
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  const options = { requestHandler, userBuilder: UserBuilder.noAuthentication };
  app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler }));
  app.use('/rpc', jsonRpcHandler(options));
  app.use('/rest', restHandler(options));
}
