import { type BlockFiles, nodeBlockFiles } from '@kvscope/tiered-store';

/** The real file system, of which each `nth` read fails as a worn disk does, and each `nth` write as a full one. */
export function failingFiles(nth: number): BlockFiles {
  let reads = 0;
  let writes = 0;
  return {
    ...nodeBlockFiles,
    async read(path, target, position) {
      if (++reads % nth === 0) throw systemError('EIO', path);
      return nodeBlockFiles.read(path, target, position);
    },
    async write(path, content, durable) {
      if (++writes % nth === 0) throw systemError('ENOSPC', path);
      return nodeBlockFiles.write(path, content, durable);
    },
  };
}

function systemError(code: string, path: string): Error {
  return Object.assign(new Error(`${code}: made to fail on purpose, ${path}`), { code });
}
