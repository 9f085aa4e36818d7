import * as core from '@kvscope/core';
import type { FieldDoc } from './interfaces.js';
import { codeList, table } from './table.js';

const HEAD = ['Field', 'Type', 'Unit', 'Meaning'];

/** A table of fields, those of nested objects below the field that holds them. */
export function fieldTable(fields: readonly FieldDoc[]): string {
  return table(HEAD, rows(fields, ''));
}

function rows(fields: readonly FieldDoc[], prefix: string): string[][] {
  return fields.flatMap((field) => {
    const path = `${prefix}${field.name}`;
    const name = `\`${path}${field.optional ? '?' : ''}\``;
    const inner = `${path}${field.type.endsWith('[]') ? '[]' : ''}.`;
    const unit = field.unit === '' ? '' : `\`${field.unit}\``;
    return [[name, typeText(field), unit, field.description], ...rows(field.fields, inner)];
  });
}

function typeText({ type, words }: FieldDoc): string {
  if (words.length > 0) return codeList(inOrder(words));
  return `\`${type.replace(/^readonly /, '')}\``;
}

/** The compiler keeps no order in a union: take that of the word list which has the same words. */
function inOrder(words: readonly string[]): readonly string[] {
  const lists: unknown[] = Object.values(core).filter(Array.isArray);
  const sorted = [...words].sort();
  const same = (list: unknown): boolean =>
    Array.isArray(list) &&
    list.length === words.length &&
    [...list].sort().every((word, i) => word === sorted[i]);
  return (lists.find(same) as readonly string[] | undefined) ?? sorted;
}
