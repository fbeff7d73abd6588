/** Rules that functions keep with one another: locks, references, allocations. */
import type { Rule } from '../rule';
import { allocFreePair } from './allocFreePair';
import { lockProtocol } from './lockProtocol';
import { refcountProtocol } from './refcountProtocol';

export const protocolRules: readonly Rule[] = [lockProtocol, refcountProtocol, allocFreePair];
