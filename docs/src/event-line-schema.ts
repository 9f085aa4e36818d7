import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/** A JSON Schema, as far as we write one. */
export type Schema = Readonly<Record<string, unknown>>;

const EVENTS = fileURLToPath(new URL('../../packages/core/src/events.ts', import.meta.url));
/** Where the schema is kept: in the package that reads the lines, so that it is installed with it. */
export const EVENT_LINE_SCHEMA = fileURLToPath(
  new URL('../../packages/sources/schema/event-line.schema.json', import.meta.url),
);

const KEY: Schema = {
  description:
    'Names a block. A string of 1 to 20 digits is a 64-bit integer; a string of one\'s own that looks like one, or begins with "s:" or "n:", has "s:" put before it; a byte digest is "0x" and its hex digits.',
  type: ['string', 'number'],
};
const SOURCE: Schema = {
  description:
    'The cache instance that the event speaks of: a name, or an object that describes it where the name comes first. At most 128 in one stream.',
  oneOf: [
    { type: 'string', maxLength: 256 },
    {
      type: 'object',
      required: ['name'],
      properties: {
        name: { type: 'string', maxLength: 256 },
        attributes: {
          description: 'On every measurement of this source; few values, known in advance.',
          type: 'object',
          maxProperties: 2,
          additionalProperties: { type: ['string', 'number', 'boolean'], maxLength: 256 },
        },
        backend: { type: 'string', minLength: 1 },
        accesses: { description: 'Whether it publishes reads. Default: true.', type: 'boolean' },
        live: { description: 'Whether times advance with the clock. Default: true.', type: 'boolean' },
      },
    },
  ],
};

/** The JSON Schema of one line of NDJSON, from the types of the events. */
export function eventLineSchema(): Schema {
  const program = ts.createProgram([EVENTS], { strict: true, module: ts.ModuleKind.NodeNext, types: [] });
  const checker = program.getTypeChecker();
  const file = program.getSourceFile(EVENTS);
  const map = file?.statements.find(
    (statement): statement is ts.InterfaceDeclaration =>
      ts.isInterfaceDeclaration(statement) && statement.name.text === 'EventMap',
  );
  if (map === undefined) throw new Error(`no interface EventMap in ${EVENTS}`);
  const events = checker.getTypeAtLocation(map).getProperties();
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'kvscope event line',
    description:
      'One line of NDJSON that kvscope reads: one event of a tiered KV cache. Other members are ignored.',
    type: 'object',
    oneOf: events.map((event) => eventSchema(checker, map, event)),
    $defs: { key: KEY, source: SOURCE },
  };
}

/** As it is written to the file. */
export function eventLineSchemaText(): string {
  return `${JSON.stringify(eventLineSchema(), undefined, 2)}\n`;
}

function eventSchema(checker: ts.TypeChecker, at: ts.Node, event: ts.Symbol): Schema {
  const type = checker.getTypeOfSymbolAtLocation(event, at);
  const fields = type.getProperties().filter(({ name }) => name !== 'source');
  const own = Object.fromEntries(fields.map((field) => [field.name, fieldSchema(checker, at, field)]));
  return {
    title: event.name,
    description: documentation(checker, event) || documentation(checker, type.symbol),
    properties: { event: { const: event.name }, ...own, source: { $ref: '#/$defs/source' } },
    required: ['event', ...fields.filter(isRequired).map(({ name }) => name)],
  };
}

function fieldSchema(checker: ts.TypeChecker, at: ts.Node, field: ts.Symbol): Schema {
  const type = checker.getNonNullableType(checker.getTypeOfSymbolAtLocation(field, at));
  return { description: documentation(checker, field), ...typeSchema(checker, at, type, field.name) };
}

function typeSchema(checker: ts.TypeChecker, at: ts.Node, type: ts.Type, name: string): Schema {
  if (type.flags & ts.TypeFlags.BooleanLike) return { type: 'boolean' };
  if (type.flags & ts.TypeFlags.String) return { type: 'string' };
  // Times are epoch ms and may lie anywhere; every other number of an event counts something.
  if (type.flags & ts.TypeFlags.Number)
    return /time$/i.test(name) ? { type: 'number' } : { type: 'number', minimum: 0 };
  if (type.isUnion()) {
    const words = type.types.flatMap((part) => (part.isStringLiteral() ? [part.value] : []));
    if (words.length === type.types.length) return { enum: words.sort() };
    if (type.types.every((part) => part.flags & ts.TypeFlags.BooleanLike)) return { type: 'boolean' };
    return { type: type.types.map((part) => checker.typeToString(part)).sort() };
  }
  if (checker.isArrayType(type)) return { type: 'array', items: { $ref: '#/$defs/key' } };
  const fields = type.getProperties();
  return {
    type: 'object',
    properties: Object.fromEntries(fields.map((field) => [field.name, fieldSchema(checker, at, field)])),
    required: fields.filter(isRequired).map((field) => field.name),
  };
}

function isRequired({ flags }: ts.Symbol): boolean {
  return (flags & ts.SymbolFlags.Optional) === 0;
}

function documentation(checker: ts.TypeChecker, symbol: ts.Symbol): string {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).replaceAll(/\s*\n\s*/g, ' ');
}
