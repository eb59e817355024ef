// The JavaScript SDK's gRPC server with an agent that answers at once: node grpc-server.mjs <port>. The benchmarks compare ours with it.
import grpc from '@grpc/grpc-js';
import { Role, TaskState } from 'a2a-1.0';
import { AgentEvent, DefaultRequestHandler, InMemoryTaskStore } from 'a2a-1.0/server';
import { A2AService, UserBuilder, grpcService } from 'a2a-1.0/server/grpc';

const card = {
  name: 'reference', description: 'Answers at once.', version: '1.0.0',
  supportedInterfaces: [{ url: 'localhost', protocolBinding: 'GRPC', protocolVersion: '1.0', tenant: '' }], capabilities: { streaming: true, extensions: [] },
  securitySchemes: {}, securityRequirements: [], defaultInputModes: ['text/plain'], defaultOutputModes: ['text/plain'], skills: [], signatures: [],
};

const part = (value) => ({ content: { $case: 'text', value }, metadata: undefined, filename: '', mediaType: '' });

const agent = {
  async execute({ taskId, contextId, userMessage }, bus) {
    const status = (state) => ({ state, message: undefined, timestamp: new Date().toISOString() });
    bus.publish(AgentEvent.task({
      id: taskId, contextId, status: status(TaskState.TASK_STATE_SUBMITTED), artifacts: [], history: [userMessage], metadata: undefined,
    }));
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(TaskState.TASK_STATE_WORKING), metadata: undefined }));
    bus.publish(AgentEvent.artifactUpdate({
      taskId, contextId, append: false, lastChunk: true, metadata: undefined,
      artifact: { artifactId: 'answer', name: '', description: '', parts: [part('An answer.')], metadata: undefined, extensions: [] },
    }));
    bus.publish(AgentEvent.statusUpdate({ taskId, contextId, status: status(TaskState.TASK_STATE_COMPLETED), metadata: undefined }));
    bus.finished();
  },
  async cancelTask() {},
};

const server = new grpc.Server();
const requestHandler = new DefaultRequestHandler(card, new InMemoryTaskStore(), agent);
server.addService(A2AService, grpcService({ requestHandler, userBuilder: UserBuilder.noAuthentication }));
server.bindAsync(`127.0.0.1:${process.argv[2]}`, grpc.ServerCredentials.createInsecure(), (error) => {
  if (error) throw error;
  console.log('listening');
});
