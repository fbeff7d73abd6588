import type { Preview } from './preview';

/** A snapshot of ten thousand tasks is some 10 MB; what is larger is not read into a message. */
const mostBytes = 64 * 2 ** 20;

/** A file of recorded stacks can be dropped anywhere on the preview. */
export function handleDrop({ root, post }: Preview): void {
  const isFile = (event: DragEvent): boolean => event.dataTransfer?.types.includes('Files') === true;
  document.addEventListener('dragover', (event) => {
    if (!isFile(event)) return;
    event.preventDefault();
    root.classList.add('dropping');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) root.classList.remove('dropping');
  });
  document.addEventListener('drop', (event) => {
    root.classList.remove('dropping');
    const file = event.dataTransfer?.files[0];
    if (file === undefined) return;
    event.preventDefault();
    // Without its text the extension lets the user choose the file, which it can read from disk.
    if (file.size > mostBytes) post({ type: 'importSnapshot' });
    else void file.text().then((text) => { post({ type: 'importSnapshot', name: file.name, text }); });
  });
}
