import { createRequire } from 'node:module';
import express from 'express';

type Express = typeof express;

const require = createRequire(import.meta.url);

/** Express in the majors that are supported. */
export const MAJORS: readonly (readonly [string, Express])[] = [
  ['Express 4', require('express-4') as Express],
  ['Express 5', express],
];
