/**
 * `node memory-process.mjs <scene> <url> <changes>`: plays one scene of `memory.mjs` and prints the process's largest
 * resident set, in megabytes. Whatever a scene does not need is not even loaded.
 */
const [scene, url = '', declared = '0'] = process.argv.slice(2);

if (scene === 'pool') {
  const { warmPool } = await import('./pools.mjs');
  await (await warmPool(url)).end();
}
if (scene === 'start' || scene === 'run') {
  const { flamingockOnPg } = await import('./contenders/flamingock.mjs');
  const application = await flamingockOnPg('TX_SHARED').open({ url, count: Number(declared), folder: '' });
  await application.start();
  await application.close();
}

// In kilobytes, whatever the platform.
console.log(process.resourceUsage().maxRSS / 1024);
