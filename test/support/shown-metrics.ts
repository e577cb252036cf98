import { readFileSync } from 'node:fs';
import path from 'node:path';

const DEPLOY = path.resolve(__dirname, '..', '..', 'deploy');
const FILES = ['prometheus/alerts.yml', 'grafana/dashboards/candlekeep.json'];

/** Every metric of ours that alerts and dashboards name, by the name under which it is declared. */
export function shownMetrics(): readonly string[] {
  const texts = FILES.map((file) => readFileSync(path.join(DEPLOY, file), 'utf8'));
  const found = texts.join('\n').match(/\bcandlekeep_[a-z0-9_]+/g) ?? [];
  return [...new Set(found.map((name) => name.replace(/_(?:bucket|sum|count)$/, '')))];
}
