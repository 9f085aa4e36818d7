import type { layerwiseMetrics, SubscriberContext } from '@kvscope/core';

export type LayerwiseContext = SubscriberContext<typeof layerwiseMetrics.metrics>;
