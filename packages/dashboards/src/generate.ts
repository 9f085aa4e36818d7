import { PACKAGE_FOLDER, writeFiles } from './files.js';
import { generatedFiles } from './render/generated-files.js';
import { SCHEMES } from './scheme.js';

/** Writes both sets again, from the registry and the definitions as they are. */
for (const scheme of SCHEMES) {
  const files = generatedFiles(scheme);
  await writeFiles(files, `${PACKAGE_FOLDER}/${scheme}`);
  console.log(`wrote ${files.size} files of packages/dashboards/${scheme}`);
}
