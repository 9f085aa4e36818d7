import type { SubscriberContext, transferMetrics } from '@kvscope/core';

export type TransferContext = SubscriberContext<typeof transferMetrics.metrics>;
