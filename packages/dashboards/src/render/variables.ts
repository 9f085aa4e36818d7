import {
  CustomVariableBuilder,
  DatasourceVariableBuilder,
  QueryVariableBuilder,
  VariableRefresh,
  VariableSort,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Catalog } from '../catalog.js';
import { VIEWS } from '../query/scope.js';

/** The data source that the user picks: nothing private is in a dashboard. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: Grafana's variable, not ours
export const DATASOURCE = { type: 'prometheus', uid: '${datasource}' };

/** Every process with the instrumentation has this metric as soon as its bus carries an event. */
const FOUND_BY = 'kv_cache.bus.events';

export function variables(catalog: Catalog) {
  const series = catalog.series(FOUND_BY);
  return [
    new DatasourceVariableBuilder('datasource').label('Data source').type('prometheus'),
    labelValues('service', 'Service', `label_values(${series}, job)`),
    labelValues('instance', 'Instance', `label_values(${series}{job=~"$service"}, instance)`),
    view(),
  ];
}

function labelValues(name: string, label: string, query: string): QueryVariableBuilder {
  return new QueryVariableBuilder(name)
    .label(label)
    .datasource(DATASOURCE)
    .query({ query, refId: name })
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .sort(VariableSort.AlphabeticalAsc)
    .multi(true)
    .includeAll(true)
    .allValue('.*')
    .current({ selected: true, text: 'All', value: '$__all' });
}

/** Its values are whole grouping lists; a comma inside a value is escaped. */
function view(): CustomVariableBuilder {
  const options = VIEWS.map(({ name, labels }, i) => ({
    text: name,
    value: labels.join(', '),
    selected: i === 0,
  }));
  const values = options.map(({ text, value }) => `${text} : ${value.replaceAll(',', '\\,')}`);
  return new CustomVariableBuilder('view')
    .label('View')
    .values(values.join(', '))
    .options(options)
    .allowCustomValue(false)
    .current(options[0] as (typeof options)[number]);
}
