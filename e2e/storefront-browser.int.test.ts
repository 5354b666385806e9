import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import pg from 'pg';
import { chromium } from '../tools/services/chromium.mjs';
import { describeWith } from '../tools/services/describe-with.mjs';
import { postgres, startPostgres, type Postgres } from '../tools/services/postgres.mjs';
import { Browser } from './harness/browser.js';
import { Sandbox } from './harness/sandbox.mjs';
import { PRODUCTS, startStorefront } from './harness/storefront.js';

/** More than the second after which the browser comes again. */
const COMES_AGAIN = { timeout: 30_000 };

const describeWithBrowser = await describeWith(postgres, chromium);

describeWithBrowser('A person who opens the storefront in a browser', () => {
  let server: Postgres;
  let browser: Browser;
  let sandbox: Sandbox;
  let database: string;
  beforeAll(async () => {
    server = await startPostgres();
    browser = await Browser.open();
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await server.stop();
  });
  beforeEach(async () => {
    sandbox = await Sandbox.open();
    database = (await server.createDatabase()).url;
  });
  afterEach(() => sandbox.close());

  /**
   * Begins the table that the first change creates, which waits until it is known what becomes of it.
   *
   * @returns gives it up again, so that the change goes on
   */
  async function holdFirstChange(): Promise<() => Promise<void>> {
    const client = new pg.Client({ connectionString: database });
    await client.connect();
    await client.query('BEGIN');
    await client.query('CREATE TABLE products (name text)');
    let held = true;
    const letGo = async (): Promise<void> => {
      if (held) await client.end();
      held = false;
    };
    sandbox.onClose(letGo);
    return letGo;
  }

  it('reads that it is starting, and then sees the new column without doing anything', async () => {
    const letGo = await holdFirstChange();
    const { url } = await startStorefront(sandbox, { DATABASE_URL: database, HOLD: 'background' });
    const { page, errors } = await browser.openWindow();

    const refused = await page.goto(url);
    expect(refused?.status()).toBe(503);
    expect(refused?.headers()).toMatchObject({ 'retry-after': '5', 'cache-control': 'no-store' });
    await expect(page.locator('body').innerText()).resolves.toBe(
      'The application is starting: it does not serve before its changes are applied.',
    );

    await letGo();
    await page.getByRole('heading', { name: 'Storefront' }).waitFor(COMES_AGAIN);
    await expect(page.getByRole('listitem').allInnerTexts()).resolves.toEqual(PRODUCTS);
    // The browser itself notes each 503.
    expect(errors.filter((error) => !error.includes('503 (Service Unavailable)'))).toEqual([]);
  }, 90_000);

  it('waits for the page where requests wait, and never sees anything else', async () => {
    const letGo = await holdFirstChange();
    const { child, url } = await startStorefront(sandbox, { DATABASE_URL: database, HOLD: 'block' });
    const { page, errors } = await browser.openWindow();

    const answered = page.goto(url, { timeout: 60_000 });
    await child.line(/changes to apply/);
    await letGo();
    expect((await answered)?.status()).toBe(200);
    await expect(page.getByRole('listitem').allInnerTexts()).resolves.toEqual(PRODUCTS);
    expect(errors).toEqual([]);
  }, 90_000);

  it('sees the page at once where nothing is pending', async () => {
    const first = await startStorefront(sandbox, { DATABASE_URL: database });
    await fetch(first.url);
    await first.child.stop();

    const { url } = await startStorefront(sandbox, { DATABASE_URL: database, HOLD: 'block' });
    const { page, errors } = await browser.openWindow();
    expect((await page.goto(url))?.status()).toBe(200);
    await expect(page.getByRole('listitem').allInnerTexts()).resolves.toEqual(PRODUCTS);
    expect(errors).toEqual([]);
  }, 90_000);
});
