import { randomUUID } from 'node:crypto';
import grpc from '@grpc/grpc-js';
import { Artifact, Message, Task, TaskStatus } from 'a2a-1.0';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from 'a2a-1.0/server';
import { UserBuilder, agentCardHandler, jsonRpcHandler, restHandler } from 'a2a-1.0/server/express';
import { A2AService, UserBuilder as GrpcUsers, grpcService } from 'a2a-1.0/server/grpc';
import { AgentCard } from 'a2a-1.0';
import { pause, stepsOf } from './script.mjs';

const message = (taskId, contextId, text) =>
  Message.fromJSON({ messageId: randomUUID(), role: 'ROLE_AGENT', taskId, contextId, parts: [{ text }] });

const executor = {
  async execute({ userMessage, task, taskId, contextId }, bus) {
    const text = Message.toJSON(userMessage).parts[0].text;
    for (const step of stepsOf(text, task !== undefined)) {
      await pause();
      if (step.reply) bus.publish(AgentEvent.message(message(undefined, contextId, step.reply)));
      else if (step.artifact) {
        const artifact = Artifact.fromJSON({ artifactId: step.artifact, parts: [{ text: step.text }] });
        bus.publish(AgentEvent.artifactUpdate({ taskId, contextId, artifact, append: step.append, lastChunk: false, metadata: undefined }));
      } else {
        const state = `TASK_STATE_${step.state.toUpperCase().replace('-', '_')}`;
        const status = TaskStatus.fromJSON({ state, timestamp: new Date().toISOString() });
        if (step.text) status.message = message(taskId, contextId, step.text);
        if (step.state === 'working' && !task)
          bus.publish(AgentEvent.task(Task.fromJSON({ id: taskId, contextId, status: TaskStatus.toJSON(status), history: [Message.toJSON(userMessage)] })));
        else bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status, metadata: undefined }));
      }
    }
    bus.finished();
  },
  async cancelTask(taskId, bus) {
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId: '', status: TaskStatus.fromJSON({ state: 'TASK_STATE_CANCELED' }), metadata: undefined }));
    bus.finished();
  },
};

export async function serve(app, address) {
  const server = new grpc.Server();
  const port = await new Promise((resolve, reject) =>
    server.bindAsync('localhost:0', grpc.ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound))));
  const card = AgentCard.fromJSON({
    name: 'JavaScript', description: 'Served by the published SDK.', version: '1', skills: [],
    supportedInterfaces: [
      { url: `${address}/rpc`, protocolBinding: 'JSONRPC', protocolVersion: '1.0' },
      { url: `${address}/rest`, protocolBinding: 'HTTP+JSON', protocolVersion: '1.0' },
      { url: `localhost:${port}`, protocolBinding: 'GRPC', protocolVersion: '1.0' },
    ],
    capabilities: { streaming: true, pushNotifications: true }, defaultInputModes: ['text/plain'], defaultOutputModes: ['text/plain'],
  });
  const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), executor);
  const options = { requestHandler, userBuilder: UserBuilder.noAuthentication };
  app.use('/.well-known/agent-card.json', agentCardHandler({ agentCardProvider: requestHandler }));
  app.use('/rpc', jsonRpcHandler(options));
  app.use('/rest', restHandler(options));
  server.addService(A2AService, grpcService({ requestHandler, userBuilder: GrpcUsers.noAuthentication }));
}
