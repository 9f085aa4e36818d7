import { createBus, EVENT_NAMES, type EventName } from '@kvscope/core';

/** A bus whose events are kept as they come, without their source. */
export function listen() {
  const bus = createBus();
  const heard: Record<string, unknown>[] = [];
  for (const type of EVENT_NAMES) {
    bus.subscribe(type as EventName, 'test', (event) => {
      const { source: _source, ...fields } = event;
      heard.push({ event: type, ...fields });
    });
  }
  return {
    bus,
    heard,
    /** Event, tier and keys of what came since the last call. */
    told: () =>
      heard
        .splice(0)
        .map(({ event, tier, keys, blocks }) =>
          [event, tier, keys, blocks].filter((part) => part !== undefined),
        ),
  };
}
