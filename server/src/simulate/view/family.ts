/** "kworker/0:1H" and "kworker/u8:0" are kworkers, "swapper/3" is a swapper. A name that is all number keeps it. */
export function family(comm: string): string {
  const stem = (comm.split('/')[0] ?? '').replace(/[\d:+-]+$/, '');
  return stem === '' ? comm : stem;
}
