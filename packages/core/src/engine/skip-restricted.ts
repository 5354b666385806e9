import { strategyOf } from '../plan/strategy.js';
import type { Plan } from '../plan/plan.js';
import { describeChange, referenceTo, type RunContext } from './run-context.js';

/** Records each change that runs in other environments only, once, so that nothing is invisible. */
export async function skipRestricted(run: RunContext, { steps }: Plan): Promise<void> {
  const { engine } = run;
  for (const { change, action, latest, attempts } of steps) {
    const target = engine.targets[change.targetSystem];
    if (action !== 'restricted' || latest?.state === 'SKIPPED' || target === undefined) continue;
    await run.tail.append({
      kind: 'execution',
      ...describeChange({ change, target, strategy: strategyOf(change, target, engine.store) }),
      state: 'SKIPPED',
      proof: 'none',
      attempt: attempts,
    });
    engine.emit({
      type: 'change-skipped',
      change: referenceTo(change),
      environments: change.environments ?? [],
    });
  }
}
