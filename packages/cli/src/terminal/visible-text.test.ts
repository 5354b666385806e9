import { expect, test } from '@jest/globals';
import { visibleText } from './visible-text.js';

test('what would move the cursor or turn the text around is shown as what it is', () => {
  expect(visibleText('a\u001B[2Jb\u202Ec\u0007\rd')).toBe('a\\u001b[2Jb\\u202ec\\u0007\\u000dd');
});

test('lines, tabs, colours and other scripts stay', () => {
  const text = '\u001B[31m✘\u001B[39m\tзаказ 注文\nnext';
  expect(visibleText(text)).toBe(text);
});
