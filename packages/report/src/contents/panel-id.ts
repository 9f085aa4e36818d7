/** An id for the page: lower-case words joined by hyphens. */
export function panelId(...words: readonly string[]): string {
  return words
    .join(' ')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
}
