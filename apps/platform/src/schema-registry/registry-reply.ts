import { Problem, type Reply } from '../http/problem.js';

/** The media type in which the registry answers. */
const MEDIA_TYPE = 'application/vnd.schemaregistry.v1+json';

/** An error as Confluent's clients read it. Without a code of its own, it has its HTTP status for one. */
export function confluentReply(problem: Problem): Reply {
  return {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': MEDIA_TYPE },
    body: { error_code: problem.code ?? problem.status, message: problem.message },
  };
}

export function reply(body: unknown): Reply {
  return { status: 200, headers: { 'content-type': MEDIA_TYPE }, body };
}

export function unknownSubject(subject: string): Problem {
  return new Problem(404, `The subject ${subject} has no version.`, { code: 40401 });
}

export function unknownVersion(subject: string, version: string): Problem {
  return new Problem(404, `The subject ${subject} has no version ${version}.`, { code: 40402 });
}

export function unknownSchema(detail: string): Problem {
  return new Problem(404, detail, { code: 40403 });
}

export function noOwnCompatibility(subject: string): Problem {
  return new Problem(404, `The subject ${subject} has no compatibility level of its own.`, { code: 40408 });
}

export function invalidSchema(detail: string): Problem {
  return new Problem(422, detail, { code: 42201 });
}

export function invalidVersion(version: string): Problem {
  return new Problem(422, `${version} is not a version: a number from 1 on, or latest.`, { code: 42202 });
}

export function invalidCompatibility(levels: readonly string[]): Problem {
  return new Problem(422, `The compatibility must be one of: ${levels.join(', ')}.`, { code: 42203 });
}
