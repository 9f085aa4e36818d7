import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';

export interface Selector {
  readonly metric: string;
  /** Label matchers as they are written. */
  readonly matchers: readonly { readonly label: string; readonly operator: string; readonly value: string }[];
}

export interface ParsedQuery {
  readonly selectors: readonly Selector[];
  /** Labels of all `by` clauses. */
  readonly grouping: readonly string[];
  /** Labels of matching clauses: `on`, `group_left` and their like. */
  readonly matching: readonly string[];
}

/** Parses PromQL by Prometheus's own grammar. @throws Error at the first place that is not PromQL */
export function parsePromql(text: string): ParsedQuery {
  const selectors: Selector[] = [];
  const grouping: string[] = [];
  const matching: string[] = [];
  const textOf = (node: SyntaxNode): string => text.slice(node.from, node.to);
  parser.parse(text).iterate({
    enter({ node, type, from }) {
      if (type.isError)
        throw new Error(`no PromQL from character ${from}: ${text.slice(from, from + 30)} in ${text}`);
      if (type.name === 'VectorSelector') selectors.push(selectorOf(node, textOf));
      if (type.name === 'GroupingLabels') {
        const labels = node.getChildren('LabelName').map(textOf);
        const isMatching = /On|Ignoring|Left|Right|Matching/.test(node.parent?.type.name ?? '');
        (isMatching ? matching : grouping).push(...labels);
      }
    },
  });
  return { selectors, grouping, matching };
}

function selectorOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string): Selector {
  const metric = node.getChild('Identifier');
  if (metric === null) throw new Error(`a selector without a metric: ${textOf(node)}`);
  const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(
    (matcher) => {
      const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((name) => {
        const child = matcher.getChild(name);
        if (child === null) throw new Error(`a label matcher without ${name}: ${textOf(matcher)}`);
        return textOf(child);
      }) as [string, string, string];
      return { label, operator, value: value.slice(1, -1) };
    },
  );
  return { metric: textOf(metric), matchers };
}

/** A panel's query with Grafana's variables put in. */
export function withVariables(
  expr: string,
  {
    view,
    range = '5m',
    service = '.*',
    instance = '.*',
  }: { view: string; range?: string; service?: string; instance?: string },
): string {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
  const filled = expr.replaceAll('${view:raw}', view).replaceAll('$__rate_interval', range);
  return filled.replaceAll('$service', service).replaceAll('$instance', instance);
}
