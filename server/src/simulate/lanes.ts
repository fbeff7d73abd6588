/** The trace's lanes: tasks of one name and kind that are at the same place in the tree of courses share one. */
import { courseOf, type Course } from './courses';
import type { Thread } from './thread';
import type { Lane } from './types';

interface Draft extends Lane {
  readonly pids: number[];
}

/** @param threads those that have a course; lanes come in the order of their first thread */
export function lanesOf(threads: readonly Thread[], endNs: number): Lane[] {
  const lanes: Draft[] = [];
  const byCourse = new Map<Course, Map<string, Draft[]>>();
  for (const { course, comm, kind, pid } of threads) {
    if (course === undefined) continue;
    let byComm = byCourse.get(course);
    if (byComm === undefined) byCourse.set(course, (byComm = new Map<string, Draft[]>()));
    let drafts = byComm.get(comm);
    if (drafts === undefined) byComm.set(comm, (drafts = []));
    let lane = drafts.find((each) => each.kind === kind);
    if (lane === undefined) {
      lane = { comm, kind, pids: [], ...shared(course) };
      drafts.push(lane);
      lanes.push(lane);
    }
    lane.pids.push(pid);
  }
  return lanes;

  /** Lanes of one course share its lists. */
  function shared(course: Course): Pick<Lane, 'segments' | 'switches'> {
    const [known] = byCourse.get(course)?.values().next().value ?? [];
    return known === undefined ? courseOf(course, endNs) : { segments: known.segments, switches: known.switches };
  }
}
