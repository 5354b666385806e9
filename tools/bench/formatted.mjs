import { format, resolveConfig } from 'prettier';

/**
 * Markdown as this repository formats it.
 *
 * @param {string} markdown
 */
export async function formatted(markdown) {
  return format(markdown, { ...(await resolveConfig(import.meta.filename)), parser: 'markdown' });
}
