import type { z } from 'zod';

const MAX_SHOWN_CHARACTERS = 80;

/** What is wrong with a configuration: one sentence each that names the field, its value and what is allowed. */
export function problems(error: z.core.$ZodError, data: unknown): string[] {
  return error.issues.flatMap((issue) => {
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map(
        (key) => `${pathText([...issue.path, key])} is not a field; allowed: ${issue.message}`,
      );
    }
    const value = valueAt(data, issue.path);
    const is = value === undefined ? 'is missing' : `is ${shown(value)}`;
    return [`${pathText(issue.path)} ${is}; allowed: ${issue.message}`];
  });
}

/** `sources[1].ranks` */
function pathText(path: readonly PropertyKey[]): string {
  if (path.length === 0) return 'the file';
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i === 0 ? '' : '.'}${String(part)}`))
    .join('');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined,
    data,
  );
}

function shown(value: unknown): string {
  const text = typeof value === 'string' ? `'${value}'` : (JSON.stringify(value) ?? String(value));
  return text.length > MAX_SHOWN_CHARACTERS ? `${text.slice(0, MAX_SHOWN_CHARACTERS)}...` : text;
}
