import { stringify } from 'yaml';

/** Where the files are inside a Grafana that has the set's `grafana` folder mounted as its configuration. */
const DASHBOARDS_PATH = '/etc/grafana/dashboards';

/** Files by which a Grafana that starts finds Prometheus and the dashboards. */
export function provisioning(): ReadonlyMap<string, string> {
  return new Map([
    [
      'grafana/provisioning/datasources/kvscope.yaml',
      yaml({
        apiVersion: 1,
        datasources: [
          {
            name: 'Prometheus',
            uid: 'kvscope-prometheus',
            type: 'prometheus',
            access: 'proxy',
            // Grafana puts in the variable of its own environment.
            url: '$PROMETHEUS_URL',
            isDefault: true,
            // The steps of a panel: two scrapes must lie within a rate.
            jsonData: { timeInterval: '15s', httpMethod: 'POST' },
          },
        ],
      }),
    ],
    [
      'grafana/provisioning/dashboards/kvscope.yaml',
      yaml({
        apiVersion: 1,
        providers: [
          {
            name: 'kvscope',
            folder: 'kvscope',
            type: 'file',
            allowUiUpdates: true,
            options: { path: DASHBOARDS_PATH },
          },
        ],
      }),
    ],
  ]);
}

function yaml(content: unknown): string {
  return stringify(content, { lineWidth: 0 });
}
