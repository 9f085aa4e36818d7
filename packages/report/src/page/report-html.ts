import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ReportData } from './report-data.js';

export interface ReportHtmlOptions {
  /** Whether the page asks its server for news. Default: false: it asks for nothing. */
  readonly live?: boolean;
}

/** The script and style of the page, as `scripts/bundle-page.js` made them. */
const SCRIPT = asset('page.js');
const STYLE = asset('page.css');

/**
 * The report as one page that needs nothing else: neither a network nor other files. What it shows stands in it as
 * JSON, and is put on the page as text, never as markup.
 */
export function reportHtml(data: ReportData, { live = false }: ReportHtmlOptions = {}): string {
  return `<!doctype html>
<html lang="en"${live ? ' data-live' : ''}>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(live)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${escaped(`${data.title}: ${data.subject}`)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<noscript><p>This page draws its figures with JavaScript, which is off here.</p></noscript>
<div id="report"></div>
<script type="application/json" id="report-data">${jsonInHtml(data)}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

/** Lets the page's own script and style run and nothing else, and lets it ask nobody but its server. */
export function contentSecurityPolicy(live: boolean): string {
  return [
    "default-src 'none'",
    `script-src '${hashOf(SCRIPT)}'`,
    `style-src '${hashOf(STYLE)}'`,
    'img-src data:',
    ...(live ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

/** JSON that no HTML parser takes for markup: neither a tag's end nor the beginning of a comment is left in it. */
export function jsonInHtml(value: unknown): string {
  return JSON.stringify(value)
    .replaceAll('<', '\\u003c')
    .replaceAll('\u2028', '\\u2028')
    .replaceAll('\u2029', '\\u2029');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] as string);
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** In a script or style element only its own end tag ends it; the bundle has none. */
function asset(name: string): string {
  return readFileSync(new URL(`../bundle/${name}`, import.meta.url), 'utf8').trimEnd();
}
