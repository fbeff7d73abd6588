/** Writes a file so that there is always a whole one: beside its place, flushed to the disk, then renamed over what was there. */
import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What writing asks of the system; a test makes the n-th call fail. */
export interface Disk {
  makeFolder(path: string): void;
  open(path: string): number;
  /** Gives how many bytes were written. */
  write(file: number, bytes: Uint8Array): number;
  sync(file: number): void;
  close(file: number): void;
  rename(from: string, to: string): void;
  remove(path: string): void;
}

export const nodeDisk: Disk = {
  makeFolder: (path) => { mkdirSync(path, { recursive: true }); },
  open: (path) => openSync(path, 'w', 0o600),
  write: (file, bytes) => writeSync(file, bytes),
  sync: fsyncSync,
  close: closeSync,
  rename: renameSync,
  remove: (path) => { rmSync(path, { force: true }); },
};

/** Throws what the disk throws; then the file is what it was before, and nothing is left beside it. */
export function writeAtomically(path: string, pieces: Iterable<Uint8Array>, disk: Disk = nodeDisk): void {
  const beside = `${path}.${process.pid}`;
  disk.makeFolder(dirname(path));
  const file = disk.open(beside);
  let isOpen = true;
  try {
    for (const piece of pieces) for (let at = 0; at < piece.length;) at += disk.write(file, piece.subarray(at));
    disk.sync(file);
    isOpen = false;
    disk.close(file);
    disk.rename(beside, path);
  } catch (error) {
    if (isOpen) quietly(() => { disk.close(file); });
    quietly(() => { disk.remove(beside); });
    throw error;
  }
}

/** Cleaning up after a fault tells of no other one. */
function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // The first fault is the one to show.
  }
}
