// The licences of all foreign code in dist/, as dist/ThirdPartyNotices.txt. The libraries that make such a file go by one bundle,
// or by all that package.json names; here seven bundles, one of them within another, make one product.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What may be shipped under the licence of this product, as long as it is named. */
const allowed = new Set(['MIT', 'ISC', '0BSD', 'BSD-2-Clause', 'BSD-3-Clause', 'Apache-2.0']);

/**
 * Collects the packages whose files are in what was built, whoever names them.
 * @returns {string[]} their folders, in order, without what esbuild left out of the output
 */
export function bundledPackages(/** @type {readonly import('esbuild').Metafile[]} */ metafiles) {
  const files = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap(({ inputs }) =>
      Object.entries(inputs).flatMap(([file, { bytesInOutput }]) => (bytesInOutput > 0 ? [file] : [])),
    ),
  );
  const folders = files.map((file) => /^.*\bnode_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(file)?.[0]);
  return [...new Set(folders.filter((folder) => folder !== undefined))].sort();
}

/** Writes the notices. Throws where a package says nothing of its licence, or names one that is not allowed. */
export function writeNotices(/** @type {readonly string[]} */ folders, /** @type {string} */ target) {
  const head = 'VK Cloud Activity Log holds code of these packages, under these licences.';
  writeFileSync(target, `${[head, ...folders.map(noticeOf)].join(`\n\n${'='.repeat(80)}\n\n`)}\n`);
}

function noticeOf(/** @type {string} */ folder) {
  /** @type {{ name: string, version: string, license?: unknown }} */
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (typeof license !== 'string' || !allowed.has(license))
    throw new Error(`${name} ${version} is bundled, but its licence is not known to be allowed: ${String(license)}`);
  const names = readdirSync(folder).filter((file) => /^(?:licen[cs]e|copying|notice|copyright)/i.test(file));
  const own = names.sort().map((file) => readFileSync(path.join(folder, file), 'utf8').trim());
  const texts = [...own, ...(elsewhere.get(name) ?? []).map(mit)].filter((text) => text !== '');
  if (texts.length === 0) throw new Error(`${name} ${version} is bundled, but has no text of its licence`);
  return [`${name} ${version} (${license})`, ...texts].join('\n\n');
}

/** Whose MIT licence is not in the package: it is in the repository that the package, or code within it, comes from. */
const fast = ['Copyright (c) Microsoft Corporation. All rights reserved. (FAST, https://www.fast.design/)'];
const elsewhere = new Map([
  ['@microsoft/fast-element', fast],
  ['@microsoft/fast-foundation', fast],
  ['@microsoft/fast-web-utilities', fast],
  ['undici', ['Copyright Fedor Indutny, 2018. (llhttp, which undici holds)']],
]);

/** The MIT licence of this product with another holder. */
function mit(/** @type {string} */ copyright) {
  const text = readFileSync('LICENSE', 'utf8').trim();
  return text.replace(/^Copyright .*$/m, copyright);
}
