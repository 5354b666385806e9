import 'reflect-metadata';
import application from './application.js';

/** One replica of the application: it applies what is pending, or waits for whoever does, and then it is ready. */
const opened = await application();
console.log('ready');
await opened.close();
