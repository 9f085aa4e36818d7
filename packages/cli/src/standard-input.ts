/** What stands for standard input where a command takes a path. */
export const STANDARD_INPUT = '-';
