import { chromium, type Page } from 'playwright-core';
import { chromiumExecutable } from '../../tools/services/chromium.mjs';

/** What a person sees of an application, and what its pages write to the browser's console when something is wrong. */
export interface Window {
  readonly page: Page;
  /** Errors of the console, and what scripts have thrown and nobody caught. */
  readonly errors: readonly string[];
}

/** A browser of its own. Whoever opens it closes it. */
export class Browser {
  private constructor(private readonly browser: Awaited<ReturnType<typeof chromium.launch>>) {}

  static async open(): Promise<Browser> {
    const executablePath = await chromiumExecutable();
    // Chromium does not run as root within its sandbox; it opens nothing but pages of the tests.
    return new Browser(await chromium.launch({ executablePath, args: ['--no-sandbox'] }));
  }

  /** A window without cookies and without a cache. */
  async openWindow(): Promise<Window> {
    const context = await this.browser.newContext();
    const page = await context.newPage();
    const errors: string[] = [];
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(`${message.location().url}: ${message.text()}`);
    });
    page.on('pageerror', ({ message }) => errors.push(message));
    return { page, errors };
  }

  close(): Promise<void> {
    return this.browser.close();
  }
}
