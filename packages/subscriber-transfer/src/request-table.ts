import { OpenWork, type Source, type Work, type WorkEnds } from '@kvscope/core';
import type { RequestLimits } from './options.js';
import { RequestChunks } from './request-chunks.js';

export interface Request extends Work<Request> {
  readonly source: Source;
  readonly requestId: string;
  readonly sessionId: string;
  /** Undefined once it has ended. */
  chunks: RequestChunks | undefined;
}

type Sessions = Map<string, Request>;

/** Requests by source, request id and session id, bounded by count and age. */
export class RequestTable {
  readonly #sources = new Map<Source, Map<string, Sessions>>();
  readonly #work: OpenWork<Request>;

  constructor(limits: RequestLimits, abandoned: WorkEnds<Request>['abandoned']) {
    this.#work = new OpenWork(limits, {
      abandoned: (request, reason) => {
        request.chunks = undefined;
        abandoned(request, reason);
      },
      forgotten: (request) => this.#remove(request),
    });
  }

  /**
   * The request that a chunk belongs to, opened when it is new; undefined when that request is over.
   * @param startTime of the chunk; @param now local time
   */
  open(
    source: Source,
    requestId: string,
    sessionId: string,
    startTime: number,
    now: number,
  ): Request | undefined {
    const known = this.#sources.get(source)?.get(requestId)?.get(sessionId);
    if (known !== undefined) {
      if (known.endedTime === undefined) return known;
      if (startTime <= known.endedTime) {
        this.#work.recall(known, now);
        return undefined;
      }
      this.#work.forget(known);
    }
    const request = this.#insert(source, requestId, sessionId, now);
    if (!this.#work.add(request)) return undefined;
    request.chunks = new RequestChunks();
    return request;
  }

  /** The requests of an id that are known, in one session or in all. */
  named(source: Source, requestId: string, sessionId: string | undefined): readonly Request[] {
    const sessions = this.#sources.get(source)?.get(requestId);
    if (sessions === undefined) return [];
    if (sessionId === undefined) return [...sessions.values()];
    const request = sessions.get(sessionId);
    return request === undefined ? [] : [request];
  }

  /** @param time event time of the end; @param now local time */
  end(request: Request, time: number, now: number): void {
    request.chunks = undefined;
    this.#work.end(request, time, now);
  }

  sweep(now: number): void {
    this.#work.sweep(now);
  }

  #insert(source: Source, requestId: string, sessionId: string, now: number): Request {
    const requests = this.#sources.get(source) ?? new Map<string, Sessions>();
    this.#sources.set(source, requests);
    const sessions: Sessions = requests.get(requestId) ?? new Map();
    requests.set(requestId, sessions);
    const request: Request = {
      source,
      requestId,
      sessionId,
      chunks: undefined,
      sinceTime: now,
      endedTime: undefined,
      older: undefined,
      newer: undefined,
    };
    sessions.set(sessionId, request);
    return request;
  }

  #remove({ source, requestId, sessionId }: Request): void {
    const requests = this.#sources.get(source);
    const sessions = requests?.get(requestId);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) requests?.delete(requestId);
    if (requests?.size === 0) this.#sources.delete(source);
  }
}
