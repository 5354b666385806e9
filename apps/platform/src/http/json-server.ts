import { createServer, type Server, type ServerResponse } from 'node:http';
import { Problem, problemReply, type Reply } from './problem.js';
import { receiveRequest, type ReceivedRequest } from './received-request.js';

export interface JsonServerOptions {
  readonly answer: (request: ReceivedRequest) => Reply | Promise<Reply>;
  /** How a thrown `Problem` is told. Default: as `application/problem+json`. */
  readonly renderProblem?: (problem: Problem) => Reply;
  /** Called before the answer is sent, with its status, or with `null` for a request that was cut off. */
  readonly record?: (request: ReceivedRequest, status: number | null) => void;
}

/** An HTTP server that reads a request whole before it answers, and whose answers are JSON. */
export function createJsonServer({
  answer,
  renderProblem = problemReply,
  record,
}: JsonServerOptions): Server {
  function failed(error: unknown): Reply {
    console.error(error);
    return renderProblem(new Problem(500, 'The request failed; the output of the platform says why.'));
  }

  async function replyTo(request: ReceivedRequest): Promise<Reply> {
    try {
      return await answer(request);
    } catch (error) {
      return error instanceof Problem ? renderProblem(error) : failed(error);
    }
  }

  async function serve(request: ReceivedRequest): Promise<Reply | undefined> {
    const reply = request.complete ? await replyTo(request) : undefined;
    record?.(request, reply?.status ?? null);
    return reply;
  }

  return createServer((message, response) => {
    void receiveRequest(message)
      .then(serve)
      .catch(failed)
      .then((reply) => {
        if (reply !== undefined) send(response, reply);
      });
  });
}

function send(response: ServerResponse, { status, headers, body }: Reply): void {
  const text = body === undefined ? undefined : JSON.stringify(body);
  response.writeHead(status, {
    ...(text === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
    ...headers,
  });
  response.end(text);
}
