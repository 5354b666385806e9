import { library } from '../../tools/build/library.mjs';

export default library({ entry: { index: 'src/index.ts', 'terminus/index': 'src/terminus/index.ts' } });
