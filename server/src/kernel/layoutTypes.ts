import type { EnumFact, RecordFact, TypedefFact } from '../syntax/facts';
import type { ConfigLookup } from './conditions';
import type { CalledMacro } from './expansion';

/** What a layout needs to know about the rest of the tree; whatever it does not know it answers with undefined. */
export interface LayoutTypes {
  readonly record?: (kind: 'struct' | 'union', name: string) => RecordFact | undefined;
  readonly enumeration?: (name: string) => EnumFact | undefined;
  readonly typedef?: (name: string) => TypedefFact | undefined;
  /** Replacement text of a macro, or the value of an enum constant. */
  readonly constant?: (name: string) => string | undefined;
  /** A macro that is called. */
  readonly macro?: (name: string) => CalledMacro | undefined;
  /** The enum that has this constant. */
  readonly enumerationOf?: (constant: string) => EnumFact | undefined;
  /** Whether a name is a macro's, for `#if`. */
  readonly isDefined?: (name: string) => boolean | undefined;
  /** Whether it is known that no type of this name is there, so that it may be a macro's: nobody searches the tree for a macro before that is known. */
  readonly isMissing?: (space: 'struct' | 'union' | 'typedef', name: string) => boolean;
  readonly config?: ConfigLookup;
}
