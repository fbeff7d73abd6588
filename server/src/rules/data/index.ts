/** What an edit does to data: records, variables, constants. */
import type { Rule } from '../rule';
import { dataSemantics } from './dataSemantics';
import { enumValue } from './enumValue';
import { newVariable } from './newVariable';
import { onceMacro } from './onceMacro';
import { opsTable } from './opsTable';
import { percpuVariable } from './percpuVariable';
import { removedVariable } from './removedVariable';
import { reservedField } from './reservedField';
import { sectionAttribute } from './sectionAttribute';
import { staticKeyDefinition } from './staticKeyDefinition';
import { staticLocalRemoved } from './staticLocalRemoved';
import { staticLocalReset } from './staticLocalReset';
import { structLayout } from './structLayout';
import { variableInitializer } from './variableInitializer';
import { variableType } from './variableType';

export const dataRules: readonly Rule[] = [
  structLayout, reservedField, enumValue, variableInitializer, opsTable, variableType, newVariable, removedVariable, staticLocalRemoved, staticLocalReset, onceMacro,
  sectionAttribute, dataSemantics, percpuVariable, staticKeyDefinition,
];
