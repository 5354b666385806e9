import { library } from '../../tools/build/library.mjs';

export default library({ entry: { index: 'src/index.ts' } });
