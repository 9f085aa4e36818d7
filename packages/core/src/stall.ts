/** Seconds after which a load wait counts as a stall, unless an option says otherwise. */
export const DEFAULT_STALL_THRESHOLD = 0.001;
