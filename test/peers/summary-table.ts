/**
 * The rows of one table of a replay's summary, by their first cell.
 * @param title the first words of the table's head
 */
export function summaryTable(summary: string, title: string): ReadonlyMap<string, readonly string[]> {
  const lines = summary.split('\n');
  const head = lines.findIndex((line) => line.startsWith(title));
  if (head < 0) throw new Error(`there is no ${title} in: ${summary}`);
  const rows = new Map<string, readonly string[]>();
  for (const line of lines.slice(head + 1)) {
    const [first = '', ...cells] = line.split(/ {2,}/);
    if (first === '') break;
    rows.set(first, cells);
  }
  return rows;
}
