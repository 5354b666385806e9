import { EFFECTS, LOCK, nameOf, undoOf } from './pairs.mjs';
import { distinct, isRenewal } from './points.mjs';
import { judge, notDone } from './verdict.mjs';
import { Worker } from './worker.mjs';

/** @typedef {import('./pairs.mjs').Pair} Pair */
/** @typedef {import('../../e2e/harness/crash/systems.mjs').CrashSystems} CrashSystems */
/** @typedef {import('../../e2e/harness/crash/systems.mjs').Trial} Trial */
/** @typedef {import('../../e2e/harness/crash/systems.mjs').Effect} Effect */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Job} Job */
/** @typedef {import('../../e2e/fixtures/crash/service.mjs').Answer} Answer */

/**
 * What one trial came to.
 *
 * @typedef {object} Trialled
 * @property {string} point
 * @property {import('./verdict.mjs').Result} result
 * @property {string} why it is wrong; empty otherwise
 * @property {readonly Effect[]} effects
 * @property {readonly string[]} ledger `second STARTED none`
 */

/** How often a start may lose its lock to a machine that is too busy, and a service may miss its point. */
const PATIENCE = 5;

/**
 * A line of processes: each one finishes what the one before it has left behind, and is killed in the middle of work of its
 * own.
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
      const answer = await this.#start({ trial, fresh: true, slow: true, leaseMs: leaseOf(tries) });
      if (wasStarved(answer)) continue;
      if (answer.message !== '')
        throw new Error(`${nameOf(pair)} ended undisturbed with ${answer.outcome}: ${answer.message}`);
      return distinct(answer.points);
    }
    throw new Error('An undisturbed start has lost its lock each time: this machine is too busy');
  }

  /**
   * One trial for each point. The services of all of them are in one process, which is killed when each has come to its own
   * point, at which it does nothing more.
   *
   * @param {Pair} pair
   * @param {readonly string[]} points
   * @returns {Promise<readonly Trialled[]>} in the order of the points
   */
  async dieAt(pair, points) {
    const left = await this.#killed(pair, points).catch(String);
    return Promise.all(
      points.map(async (point) => {
        const trial =
          typeof left === 'string' ? left : (left.get(point) ?? 'no start has come to this point');
        try {
          if (typeof trial === 'string') throw new Error(trial);
          return { point, ...(await this.#judged(trial)) };
        } catch (error) {
          return {
            point,
            result: /** @type {const} */ ('wrong'),
            why: String(error),
            effects: [],
            ledger: [],
          };
        }
      }),
    );
  }

  async close() {
    await this.#worker?.end();
  }

  /**
   * @param {Pair} pair
   * @param {readonly string[]} points
   * @returns {Promise<ReadonlyMap<string, Trial | string>>} with what the killed process has left, or why it has not died
   */
  async #killed(pair, points) {
    const killed = /** @type {Map<string, Trial | string>} */ (new Map());
    let left = points;
    for (let tries = 0; left.length > 0 && tries < PATIENCE; tries += 1) {
      const doomed = await Promise.all(
        left.map(async (point) => {
          const trial = await this.#systems.prepare(pair);
          return this.#job({ trial, fresh: true, dieAt: point, slow: isRenewal(point) });
        }),
      );
      const survivors = await this.#running().kill(doomed);
      left.forEach((point, index) => killed.set(point, survivors[index] ?? doomed[index]?.trial ?? ''));
      left = left.filter((_, index) => survivors[index] !== undefined);
    }
    return killed;
  }

  /**
   * @param {Trial} trial with what the killed process has left
   * @returns {Promise<Omit<Trialled, 'point'>>}
   */
  async #judged(trial) {
    const answer = await this.#finished({ trial });
    const effects = await this.#systems.effects(trial);
    const ledger = answer.ledger.map(({ changeId, state, proof }) => `${changeId} ${state} ${proof}`);
    const verdict = judge(trial.pair, answer, effects);
    if (verdict.result !== 'issue') return { effects, ledger, ...verdict };
    const why = await this.#resolved(trial, answer, effects);
    return { effects, ledger, result: why === '' ? 'issue' : 'wrong', why };
  }

  /**
   * A person looks at the target system, says what is there, and the service is started again.
   *
   * @param {Trial} trial
   * @param {Answer} answer
   * @param {readonly Effect[]} effects
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
      const answer = await this.#start({ ...(tries === 0 ? job : again), leaseMs: leaseOf(tries) });
      if (!wasStarved(answer) || tries === PATIENCE) return { ...answer, starved: tries > 0 };
    }
  }

  /** @param {Job} job */
  #start(job) {
    return this.#running().start(this.#job(job));
  }

  /**
   * @param {Job} job
   * @returns {Job}
   */
  #job(job) {
    return { ...job, ...(this.#defect === undefined ? {} : { defect: this.#defect }) };
  }

  #running() {
    if (this.#worker === undefined || this.#worker.hasEnded) this.#worker = new Worker();
    return this.#worker;
  }
}

/**
 * What has starved once gets a lease that is twice as long, in milliseconds.
 *
 * @param {number} tries before this one
 */
function leaseOf(tries) {
  return LOCK.leaseMs * 2 ** tries;
}

/**
 * Whether a process got no turn for longer than its lease: then its lock is gone, or the server has ended its transaction.
 *
 * @param {Answer} answer
 */
function wasStarved({ outcome, message }) {
  return outcome === 'FLG_LOCK_LOST' || /25P03|event loop was blocked/.test(message);
}
