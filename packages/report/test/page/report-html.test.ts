import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
// As built: its script and style are made by the build.
import { contentSecurityPolicy, type ReportData, reportHtml } from '../../dist/page/index.js';

const HOSTILE = `</script><script>alert('1')</script><!-- "&amp; \u2028 ]]>`;

function dataOf(subject: string): ReportData {
  return {
    title: 'kvscope report',
    subject,
    generatedAt: 1_795_000_000,
    time: { from: 1_794_999_940, to: 1_795_000_000, kind: 'clock', note: '' },
    findings: null,
    sections: [],
  };
}

function embedded(html: string): unknown {
  const [, json = ''] = /<script type="application\/json" id="report-data">(.*?)<\/script>/s.exec(html) ?? [];
  return JSON.parse(json);
}

describe('a hostile value', () => {
  const html = reportHtml(dataOf(HOSTILE));

  it('stays data: the page has no tag, comment or entity of it', () => {
    const tags = (page: string) => page.match(/<\/?[a-z!][^>]*/gi)?.length;
    expect(tags(html)).toBe(tags(reportHtml(dataOf('plain'))));
    expect(html).toContain('&lt;/script&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;');
  });

  it('comes out as it went in', () => {
    expect(embedded(html)).toEqual(dataOf(HOSTILE));
  });
});

describe('the content security policy', () => {
  it('allows exactly the script and the style that stand in the page', () => {
    const html = reportHtml(dataOf('plain'));
    const scripts = [...html.matchAll(/<script>(.*?)<\/script>/gs)].map(([, text = '']) => text);
    const styles = [...html.matchAll(/<style>(.*?)<\/style>/gs)].map(([, text = '']) => text);
    const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
    expect([scripts.length, styles.length]).toEqual([1, 1]);
    const policy = contentSecurityPolicy(false);
    expect(policy).toContain(`script-src '${hash(scripts[0] as string)}'`);
    expect(policy).toContain(`style-src '${hash(styles[0] as string)}'`);
    expect(html).toContain(`content="${policy}"`);
  });

  it('lets a file ask nobody, and a live page its server alone', () => {
    expect(contentSecurityPolicy(false)).not.toContain('connect-src');
    expect(contentSecurityPolicy(false)).toMatch(/^default-src 'none';/);
    expect(contentSecurityPolicy(true)).toContain("connect-src 'self'");
  });
});

it('refers to nothing outside of itself', () => {
  const [head = ''] = reportHtml(dataOf('plain')).split('<script type="application/json"');
  expect([...head.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target]) => target)).toEqual(['data:,']);
  expect(head).not.toMatch(/url\(|@import/);
});
