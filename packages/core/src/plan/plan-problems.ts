import { displayName } from '../change/change.js';
import { FlamingockError } from '../errors.js';
import type { ChangeEntry } from '../ledger/entry.js';
import { place, type AssignedChange } from './assign-target.js';

export function outOfOrder(change: AssignedChange, applied: AssignedChange): FlamingockError {
  return new FlamingockError({
    code: 'FLG_OUT_OF_ORDER',
    message: `${place(change)} is pending, but ${displayName(applied)}, which comes after it, is applied already.`,
    hint: `Give it an order above ${applied.order}, so that every environment sees the same sequence.`,
  });
}

export function changeHeld(change: AssignedChange): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_HELD',
    message: `${place(change)} was undone on purpose and is held.`,
    hint: "Take it out of the code, declare what it does as a new change, or apply it again by command: `flamingock apply`, or run({ by: 'cli' }).",
  });
}

export function changeEdited(change: AssignedChange): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_EDITED',
    message: `${place(change)} is applied, and its revision has changed since.`,
    hint: 'Restore it as it was, and declare what is new as a change of its own. In a disposable environment: `flamingock dev redo`.',
  });
}

export function changeUnknown(entry: ChangeEntry): FlamingockError {
  return new FlamingockError({
    code: 'FLG_CHANGE_UNKNOWN',
    message: `${displayName(entry)} (id '${entry.changeId}', ${entry.source}) is applied, but the code does not declare it.`,
    hint: 'Put the change back into the sequence; deploy the release that has it; or, if its id was edited, restore the id.',
  });
}

export function targetIdentity(name: string, recorded: string, present: string | undefined): FlamingockError {
  return new FlamingockError({
    code: 'FLG_TARGET_IDENTITY',
    message: `The target system '${name}' is ${present ?? 'without an identity'}, but the ledger was written against ${recorded}.`,
    hint: `Point the configuration at the recorded system; use an environment of its own for the other one; or, if this is the one to use from now on, say so: adopt('${name}', { actor, reason }).`,
  });
}
