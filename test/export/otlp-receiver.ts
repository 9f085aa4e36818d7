import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly boolValue?: boolean };
}

export interface OtlpPoint {
  readonly attributes: readonly OtlpAttribute[];
  readonly startTimeUnixNano: string;
  readonly timeUnixNano: string;
  readonly asDouble?: number;
  readonly count?: number;
  readonly sum?: number;
  readonly min?: number;
  readonly max?: number;
  readonly explicitBounds?: readonly number[];
  readonly bucketCounts?: readonly number[];
}

interface OtlpData {
  readonly aggregationTemporality: number;
  readonly isMonotonic?: boolean;
  readonly dataPoints: readonly OtlpPoint[];
}

export interface OtlpMetric {
  readonly name: string;
  readonly unit: string;
  readonly description: string;
  readonly sum?: OtlpData;
  readonly histogram?: OtlpData;
  readonly gauge?: { readonly dataPoints: readonly OtlpPoint[] };
}

export interface OtlpRequest {
  readonly path: string;
  readonly contentType: string;
  readonly scopes: readonly {
    readonly scope: { name: string; version: string };
    readonly metrics: readonly OtlpMetric[];
  }[];
}

interface OtlpBody {
  readonly resourceMetrics: readonly { readonly scopeMetrics: OtlpRequest['scopes'] }[];
}

/** A receiver of OTLP/HTTP on loopback for one test; bodies in JSON are decoded. */
export async function otlpReceiver() {
  const requests: OtlpRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const contentType = request.headers['content-type'] ?? '';
    const json = contentType === 'application/json';
    const body = json ? (JSON.parse(Buffer.concat(chunks).toString()) as OtlpBody) : { resourceMetrics: [] };
    requests.push({
      path: request.url ?? '',
      contentType,
      scopes: body.resourceMetrics.flatMap(({ scopeMetrics }) => scopeMetrics),
    });
    response.writeHead(200, { 'content-type': contentType }).end(json ? '{}' : '');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    /** A metric of the latest request. */
    metric: (name: string) =>
      requests
        .at(-1)
        ?.scopes.flatMap(({ metrics }) => metrics)
        .find((metric) => metric.name === name),
  };
}

export function attributesOf(point: OtlpPoint | undefined): Record<string, unknown> {
  return Object.fromEntries(
    (point?.attributes ?? []).map(({ key, value }) => [key, value.stringValue ?? value.boolValue]),
  );
}
