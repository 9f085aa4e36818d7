import { startSdk } from './sdk.js';

// Awaited, so that the first event of the application already finds its subscribers.
await startSdk(process.env);
