import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

/** A shell block of a page, and what the page says that it prints. */
export interface ShellBlock {
  readonly command: string;
  /** Null: the page does not say. */
  readonly output: string | null;
}

const BLOCK = /```(\w+)\n(.*?)```/gs;

/** The shell blocks of a page or of one of its sections, in order; a text block right after one is its output. */
export async function shellBlocks(path: string, section?: string): Promise<ShellBlock[]> {
  const text = await readFile(resolve(path), 'utf8');
  const part = section === undefined ? text : sectionOf(text, section);
  const blocks = [...part.matchAll(BLOCK)].map(([whole, language = '', body = ''], index) => ({
    whole,
    language,
    body,
    index,
  }));
  return blocks.flatMap(({ language, body, index }) => {
    if (language !== 'sh') return [];
    const next = blocks[index + 1];
    return [{ command: body, output: next?.language === 'text' ? next.body : null }];
  });
}

function sectionOf(text: string, heading: string): string {
  const [, part] = text.split(`\n## ${heading}\n`);
  if (part === undefined) throw new Error(`There is no section ${heading}.`);
  return part.split('\n## ')[0] ?? '';
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Whatever was said in these pages was said before 2026; a later instant is one of recording. */
const RECORDED_AT = /\b(202[6-9]|20[3-9]\d)-\d\d-\d\dT[\d:.]+Z/g;

/** The version of a projection rises with every type of event. */
const PROJECTION_VERSION = /("name":"\w+","version":)\d+/g;

/** Text as it can be compared: ids and times of recording differ from run to run. */
export function comparable(text: string): string {
  return text
    .replace(ID, '<id>')
    .replace(RECORDED_AT, '<time>')
    .replace(PROJECTION_VERSION, '$1<version>')
    .trimEnd();
}

/** Where the service is that a page talks to. */
export interface Place {
  readonly url: string;
  /** Its data folder. */
  readonly folder: string;
}

const END = '---- end of a block ----';

/** Runs blocks one after another in one shell, changed in nothing but the place; resolves with what each printed. */
export async function run(blocks: readonly ShellBlock[], { url, folder }: Place): Promise<string[]> {
  const script = blocks.map(({ command }) => `${command}\nprintf -- '${END}\\n'\n`).join('');
  const placed = script.replaceAll('http://127.0.0.1:3000', url).replaceAll('.standpoint/', `${folder}/`);
  const { stdout } = await promisify(execFile)('bash', ['-c', placed]);
  return stdout.split(`${END}\n`).slice(0, -1);
}
