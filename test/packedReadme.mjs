/** A link to a place beside the README or in it. */
const link = String.raw`\[[^\]]+\]\((?!https?:)[^)]+\)`;

/**
 * The README as it is shipped. Neither pictures nor other papers are, and VS Code would show broken ones and dead links. What does
 * nothing but point to them goes; other links stay as text.
 */
export function packedReadme(/** @type {string} */ readme) {
  return readme
    .replace(/^!\[.*\n\n?/gm, '')
    .replace(new RegExp(`^${link}(?: · ${link})+\n\n`, 'gm'), '')
    .replace(new RegExp(` \\(${link}\\)`, 'g'), '')
    .replace(new RegExp(`(?<=\\.) (?:See |More: )?${link}(?:, ${link})*\\.`, 'g'), '')
    .replace(new RegExp(link, 'g'), (whole) => whole.slice(1, whole.indexOf(']')));
}
