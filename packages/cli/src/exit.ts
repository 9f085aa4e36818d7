/** Exit codes of the command. */
export const EXIT = { done: 0, failed: 1, usage: 2, findings: 3 } as const;
