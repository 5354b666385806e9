import { describeFramework } from '../harness/describe-framework.js';
import { subjects } from './subjects.js';

await describeFramework(subjects);
