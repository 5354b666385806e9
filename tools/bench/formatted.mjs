import { format, resolveConfig } from 'prettier';

/**
 * Text as this repository formats it.
 *
 * @param {string} text
 * @param {'markdown' | 'json'} parser
 */
export async function formatted(text, parser) {
  return format(text, { ...(await resolveConfig(import.meta.filename)), parser });
}
