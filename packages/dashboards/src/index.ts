export { type Catalog, createCatalog, grows, type Match, type Part, type Where } from './catalog.js';
export { type Condition, conditionPromql } from './condition.js';
export { readSet, writeFiles } from './files.js';
export { DASHBOARDS, OFF_PANEL } from './panels/dashboards.js';
export {
  type Dashboard,
  type LineStyle,
  type Panel,
  type PanelQuery,
  type PanelUnit,
  panelsOf,
  type Section,
  type Thresholds,
} from './panels/panel.js';
export type { Finding, Observed, Playbook } from './playbooks/playbook.js';
export { PLAYBOOKS } from './playbooks/playbooks.js';
export type * from './query/expression.js';
export { cameBack } from './query/figures.js';
export { INSTANCE_LABELS, promqlOf } from './query/promql.js';
export type { Meaning, Query } from './query/query.js';
export { recipeScope, ruleScope, type Scope } from './query/scope.js';
export { RECIPES, type Recipe } from './recipes.js';
export { ALERTS } from './rules/alerts.js';
export { RECORDINGS } from './rules/recordings.js';
export { type Alert, type Recording, RULE_RANGE } from './rules/rule.js';
export { labelName, SCHEMES, type Scheme } from './scheme.js';
