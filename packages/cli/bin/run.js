/** Runs the built command; before the first build it says what to do instead of showing a stack. */
export async function run(args) {
  let main;
  try {
    ({ main } = await import('../dist/main.js'));
  } catch (error) {
    if (error.code !== 'ERR_MODULE_NOT_FOUND' || !error.message.includes('dist/main.js')) throw error;
    process.stderr.write('kvscope is not built yet. Run: npm run build\n');
    process.exitCode = 1;
    return;
  }
  process.exitCode = await main(args);
}
