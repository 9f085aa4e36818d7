/** The keys of a terminal that are of use here. */
type Keyboard = Pick<NodeJS.ReadStream, 'isTTY' | 'setRawMode' | 'resume' | 'pause' | 'on' | 'off'>;

/** In raw mode Ctrl-C is a character like any other. */
const QUITS = new Set(['q', 'Q', '\x03']);

export interface QuitKey {
  /** Resolves when somebody presses q or Ctrl-C; never without a keyboard. */
  readonly pressed: Promise<void>;
  /** Gives the keyboard back as it was. */
  release(): void;
}

/** Listens for the key that quits. Characters are not echoed meanwhile: they would spoil the frame. */
export function onQuitKey(keyboard: Keyboard): QuitKey {
  if (!keyboard.isTTY) return { pressed: new Promise(() => undefined), release: () => undefined };
  let quit = (): void => undefined;
  const pressed = new Promise<void>((resolve) => {
    quit = resolve;
  });
  const read = (typed: Buffer): void => {
    if ([...typed.toString('latin1')].some((key) => QUITS.has(key))) quit();
  };
  keyboard.setRawMode(true);
  keyboard.on('data', read);
  keyboard.resume();
  return {
    pressed,
    release() {
      keyboard.off('data', read);
      keyboard.setRawMode(false);
      keyboard.pause();
    },
  };
}
