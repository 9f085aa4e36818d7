import { EVENT_GROUPS } from './event-groups.js';
import { fieldTable } from './field-table.js';
import { type FieldDoc, type InterfaceDoc, readDeclarations } from './interfaces.js';
import { generatedPage, type Page } from './page.js';
import { coreFile } from './repository.js';
import { linkTo, table } from './table.js';

const CONTRACT = `Producers publish these events on the bus, subscribers turn them into [metrics](METRICS.md); neither knows the
other. What holds for all of them:

- An event is published when something **finished**, and brings its start and the marks in between with it. Nobody
  has to match two events, and a lost one leaves nothing behind.
- \`time\` and every other time is epoch milliseconds, fractions allowed. Metrics have durations in seconds.
- Events about blocks carry a **batch** of keys, distinct within the event. A key is never an attribute.
- Delivery is synchronous, within the thread. A handler should be fast; one that throws, or returns a promise that
  rejects, is counted under its subscriber's name and told of once through OpenTelemetry's \`diag\`. The publisher and
  the other handlers do not notice.
- Ask \`bus.wants(type)\`, or \`wanted\` of \`bus.channel(type)\`, before building an event that is costly to build.
- \`l0\` is device memory, \`l1\` host memory, \`l2\` storage or remote. A field with a \`?\` may be absent.

\`\`\`ts file=publish.ts
import { createSource, getBus, systemClock } from '@kvscope/core';

const bus = getBus();
const source = createSource({ attributes: { 'cache.pool': 'main' } });

const undo = bus.subscribe('block.stored', 'example', ({ tier, keys, cause }) => {
  console.log(\`\${keys.length} blocks in \${tier}: \${cause}\`);
});
bus.publish('block.stored', { time: systemClock.now(), source, tier: 'l1', keys: [17n, 18n], cause: 'offloaded' });
undo();
\`\`\`

It prints:

\`\`\`text
2 blocks in l1: offloaded
\`\`\``;

/** EVENTS.md: every event of the bus, field by field, from the docstrings of events.ts and source.ts. */
export function eventsPage(): Page {
  const core = readDeclarations(coreFile('events.ts'), coreFile('source.ts'));
  const section = ([event, { description, fields }]: [string, InterfaceDoc]): string[] => [
    `### \`${event}\``,
    `Published when: ${lowerFirst(description)}`,
    fieldTable(readingOrder(fields)),
  ];
  const docs = [...core.properties('EventMap')];
  const overview = EVENT_GROUPS.map(({ name, events }) => [
    linkTo(name),
    events.map((event) => linkTo(event, `\`${event}\``)).join(', '),
  ]);
  const options = core.interface('SourceOptions').fields;
  const occupancy = options.find(({ name }) => name === 'occupancy')?.description;

  return generatedPage('EVENTS.md', 'Events', 'packages/core/src/events.ts and source.ts', [
    CONTRACT,
    table(['Group', 'Events'], overview),
    ...EVENT_GROUPS.flatMap(({ name, introduction, events }) => [
      `## ${name}`,
      introduction,
      ...docs.filter(([event]) => events.some((name) => name === event)).flatMap(section),
    ]),
    '## Block keys',
    `A \`BlockKey\` is a number, a bigint or a string. It ${lowerFirst(core.alias('BlockKey'))}`,
    '## Sources',
    `${core.interface('Source').description} \`createSource\` takes:`,
    fieldTable(options),
    '## Occupancy',
    `Pulled, not published: a source may be made with the function \`occupancy\`. ${occupancy} It answers with:`,
    fieldTable(core.interface('Occupancy').fields),
  ]);
}

/** What the event is about, then what is its own, then what every event has. */
function readingOrder(fields: readonly FieldDoc[]): readonly FieldDoc[] {
  const rank = ({ name, inherited }: FieldDoc): number => {
    const last = ['startTime', 'time', 'source'].indexOf(name);
    return last >= 0 ? 2 + last : inherited ? 0 : 1;
  };
  return fields.toSorted((a, b) => rank(a) - rank(b));
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
