import { REGISTRY } from '@kvscope/core';
import { createCatalog, promqlOf, RECIPES, recipeScope } from '@kvscope/dashboards';
import { generatedPage, type Page } from './page.js';

const INTRODUCTION = `Questions about a cache, and the query that answers each. The names are those of a scrape; through OTLP a unit is
appended to them ([which is which](dashboards.md#two-sets-of-names)). To narrow one down put \`job="..."\` into its selectors; to keep
services or instances apart put \`job\` or \`instance\` into its \`by\`.

Where nothing happened there is no answer, rather than a 0: each division leaves out what would be divided by 0.`;

/** recipes.md: queries for whoever types one. */
export function recipesPage(): Page {
  const scope = recipeScope(createCatalog(REGISTRY, 'prometheus'));
  return generatedPage('recipes.md', 'Query recipes', 'packages/dashboards/src/recipes.ts', [
    INTRODUCTION,
    ...RECIPES.flatMap(({ question, query, note }) => [
      `## ${question}`,
      `\`\`\`promql\n${promqlOf(query, scope)}\n\`\`\``,
      note,
    ]),
  ]);
}
