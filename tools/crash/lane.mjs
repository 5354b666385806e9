import { EFFECTS, undoOf } from './pairs.mjs';
import { judge, notDone } from './verdict.mjs';
import { Worker } from './worker.mjs';

/** @typedef {import('./pairs.mjs').Pair} Pair */
/** @typedef {import('../../e2e/harness/crash-systems.mjs').CrashSystems} CrashSystems */
/** @typedef {import('../../e2e/harness/crash-systems.mjs').Trial} Trial */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Job} Job */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Answer} Answer */

/**
 * What one trial came to.
 *
 * @typedef {object} Trialled
 * @property {string} point
 * @property {import('./verdict.mjs').Result} result
 * @property {string} why it is wrong; empty otherwise
 * @property {readonly import('../../e2e/harness/crash-systems.mjs').Effect[]} effects
 * @property {readonly string[]} ledger `second STARTED none`
 */

const RENEWAL = 'session.renew';

/** How often a start may lose its lock to a machine that is too busy, and a process may miss its point. */
const PATIENCE = 5;

/**
 * A line of processes: each one finishes what the one before it has left behind, and is killed in a trial of its own.
 */
export class Lane {
  #systems;
  #defect;
  #worker = /** @type {Worker | undefined} */ (undefined);

  /**
   * @param {CrashSystems} systems
   * @param {import('../../e2e/fixtures/crash/broken.mjs').Defect | undefined} defect
   */
  constructor(systems, defect) {
    this.#systems = systems;
    this.#defect = defect;
  }

  /**
   * The points that undisturbed work passes, with a renewal of the lease among them, and each moment once.
   *
   * @param {Pair} pair
   */
  async points(pair) {
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const trial = await this.#systems.prepare(pair);
      const answer = await this.#start({ trial, fresh: true, slow: true });
      if (answer === 'killed' || wasStarved(answer)) continue;
      if (answer.message !== '')
        throw new Error(`Undisturbed it ended with ${answer.outcome}: ${answer.message}`);
      return distinct(answer.points);
    }
    throw new Error('An undisturbed start has lost its lock each time: this machine is too busy');
  }

  /**
   * One trial.
   *
   * @param {Pair} pair
   * @param {string} point
   * @returns {Promise<Trialled>}
   */
  async dieAt(pair, point) {
    try {
      const trial = await this.#killed(pair, point);
      const answer = await this.#finished({ trial });
      const effects = await this.#systems.effects(trial);
      const verdict = judge(pair, answer, effects);
      const ledger = answer.ledger.map(({ changeId, state, proof }) => `${changeId} ${state} ${proof}`);
      const seen = { point, effects, ledger };
      if (verdict.result !== 'issue') return { ...seen, ...verdict };
      const why = await this.#resolved(trial, answer, effects);
      return { ...seen, result: why === '' ? 'issue' : 'wrong', why };
    } catch (error) {
      return { point, result: 'wrong', why: String(error), effects: [], ledger: [] };
    }
  }

  async close() {
    await this.#worker?.end();
  }

  /**
   * @param {Pair} pair
   * @param {string} point
   * @returns {Promise<Trial>} with what the killed process has left
   */
  async #killed(pair, point) {
    for (let tries = 0; tries < PATIENCE; tries += 1) {
      const trial = await this.#systems.prepare(pair);
      const slow = point.startsWith(RENEWAL);
      if ((await this.#start({ trial, fresh: true, dieAt: point, slow })) === 'killed') return trial;
    }
    throw new Error('no start has come to this point');
  }

  /**
   * A person looks at the target system, says what is there, and the service is started again.
   *
   * @param {Trial} trial
   * @param {Answer} answer
   * @param {readonly import('../../e2e/harness/crash-systems.mjs').Effect[]} effects
   * @returns {Promise<string>} why that is wrong; empty otherwise
   */
  async #resolved(trial, { ledger }, effects) {
    const { pair } = trial;
    const { changeId = '', kind = '' } = ledger.at(-1) ?? {};
    const name = kind === 'undo' ? undoOf(changeId) : changeId;
    const effect = effects[EFFECTS[pair.work].indexOf(name)];
    if (effect?.complete === false) await this.#systems.takeBack(trial, name);
    const isThere = (effect?.complete === true) === (kind !== 'undo');
    const as = isThere ? 'APPLIED' : 'ROLLED_BACK';
    const answer = await this.#finished({ trial, resolution: { changeId, as } });
    const now = await this.#systems.effects(trial);
    // A process that was starved in the middle of the next change has left another issue.
    if (answer.outcome === 'FLG_ISSUE_OPEN' && answer.starved) return this.#resolved(trial, answer, now);
    const why = notDone(pair, answer, now);
    return why === '' ? '' : `after a person said ${as}: ${why}`;
  }

  /**
   * Starts until the outcome is not that of a busy machine.
   *
   * @param {Job} job
   * @returns {Promise<Answer & { readonly starved: boolean }>} whether that of an earlier one was
   */
  async #finished(job) {
    const { resolution: _said, ...again } = job;
    for (let tries = 0; ; tries += 1) {
      const answer = await this.#start(tries === 0 ? job : again);
      if (answer === 'killed') throw new Error('a start that nobody killed was killed');
      if (!wasStarved(answer) || tries === PATIENCE) return { ...answer, starved: tries > 0 };
    }
  }

  /** @param {Job} job */
  async #start(job) {
    this.#worker ??= new Worker();
    const answer = await this.#worker
      .start({ ...job, ...(this.#defect === undefined ? {} : { defect: this.#defect }) })
      .catch(async (/** @type {unknown} */ error) => {
        await this.#replace();
        throw error;
      });
    if (answer === 'killed') await this.#replace();
    return answer;
  }

  async #replace() {
    await this.#worker?.end();
    this.#worker = new Worker();
  }
}

/**
 * Whether a process got no turn for longer than its lease: then its lock is gone, or the server has ended its transaction.
 *
 * @param {Answer} answer
 */
function wasStarved({ outcome, message }) {
  return outcome === 'FLG_LOCK_LOST' || message.includes('25P03');
}

/**
 * Each moment once: between the end of one call and the beginning of the next nothing happens outside of the process. A
 * renewal, which a timer makes, comes anywhere and any number of times: the first one is tried, beside the others, unless
 * the lease is renewed by the commits of the changes anyway.
 *
 * @param {readonly string[]} points
 */
function distinct(points) {
  const isRenewal = (/** @type {string} */ point) => point.startsWith(RENEWAL);
  const inOrder = points.filter((point) => !isRenewal(point));
  return [
    ...inOrder.filter(
      (point, index) => !(point.endsWith('before') && inOrder[index - 1]?.endsWith('after') === true),
    ),
    ...(points.includes('within.renew 1 before')
      ? []
      : points.filter((point) => point.startsWith(`${RENEWAL} 1 `))),
  ];
}
