import { register } from 'node:module';

// Writes the address of every module that is loaded to stderr, by `node --import`.
register(
  'data:text/javascript,export async function resolve(specifier,context,next){const found=await next(specifier,context);process._rawDebug(found.url);return found}',
  import.meta.url,
);
