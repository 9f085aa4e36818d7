/** For tests of producers and subscribers; nothing here is needed at run time. */
export { MemoryRecorder } from './recording/memory-recorder.js';
export { ScriptedClock } from './scripted-clock.js';
