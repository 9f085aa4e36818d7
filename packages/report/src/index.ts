export {
  type Answers,
  type Labels,
  MOST_STEPS,
  type Moment,
  type Point,
  type Sample,
  type Series,
  type Span,
} from './answers.js';
export { diagnose } from './diagnosis/diagnose.js';
export {
  type Case,
  type Diagnosis,
  type Evidence,
  type Found,
  isHealthy,
  type Judged,
  type Match,
  type TimeWindow,
  type Unjudged,
  type Warning,
} from './diagnosis/diagnosis.js';
export {
  type DiagnosisJson,
  diagnosisAsJson,
  type EvidenceJson,
  type FoundJson,
} from './diagnosis/diagnosis-json.js';
export { type RecordedAnswersOptions, recordedAnswers } from './evaluation/recorded-answers.js';
export { addressOf } from './fetched.js';
export { type PrometheusAnswersOptions, prometheusAnswers } from './prometheus/prometheus-answers.js';
export { type CollectedMetrics, valuesOf } from './recording/resource-metrics.js';
export { scrapePage } from './recording/scrape-page.js';
export {
  type RecordedSeries,
  type RecordingOptions,
  type ScrapedValue,
  ScrapeRecording,
} from './recording/scrape-recording.js';
export { parsePage } from './recording/text-format.js';
