import picocolors from 'picocolors';
import { showsColours, type World } from './terminal.js';
import { visibleText } from './visible-text.js';

export type Colours = ReturnType<typeof picocolors.createColors>;

/** Where a command writes: data to stdout, and everything else to stderr. */
export class Output {
  /** For what goes to stdout. */
  readonly colours: Colours;
  /** For what goes to stderr. */
  readonly noteColours: Colours;
  readonly json: boolean;
  readonly world: World;

  constructor(world: World, { json, colour }: { readonly json: boolean; readonly colour: boolean }) {
    this.world = world;
    this.json = json;
    const { stdout, stderr, variables } = world;
    this.colours = picocolors.createColors(colour && showsColours(stdout, variables));
    this.noteColours = picocolors.createColors(colour && showsColours(stderr, variables));
  }

  /** A piece of data: a line, or a screen. */
  data(text: string): void {
    this.world.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  }

  /** A line for the person at the terminal. */
  note(text: string): void {
    this.world.stderr.write(`${visibleText(text)}\n`);
  }
}
