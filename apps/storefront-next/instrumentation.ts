export async function register(): Promise<void> {
  // Written like this, nothing of what is imported here gets into the bundle for the edge runtime.
  if (process.env.NEXT_RUNTIME === 'nodejs') {
    const { start } = await import('./flamingock');
    await start();
  }
}
