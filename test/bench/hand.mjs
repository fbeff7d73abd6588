/* global document, Event, MutationObserver, requestAnimationFrame, WheelEvent */
// What runs inside the page when the preview is measured: each function is sent there as text and stands on its own.

/** What VS Code gives a webview, with our host behind it. */
export function fakeVsCode() {
  const answer = async (message) => {
    const text = await globalThis.received(JSON.stringify(message));
    if (text !== null) globalThis.postMessage(JSON.parse(text), '*');
  };
  globalThis.acquireVsCodeApi = () => ({ postMessage: answer, getState: () => undefined, setState: () => undefined });
}

/** Does something in each frame, as a hand on the slider or the wheel would; gives the times from one frame to the next, and how many of them changed the page. */
export function animate({ kind, frames }) {
  const slider = document.querySelector('input[type="range"]');
  if (slider === null) throw new Error('the preview has no slider');
  const { x, y, width } = document.querySelector('.timeline').getBoundingClientRect();
  const act = {
    empty: () => undefined,
    scrub: (at) => {
      const [from, to] = [Number(slider.min), Number(slider.max)];
      slider.value = String(from + ((to - from) * at) / frames);
      slider.dispatchEvent(new Event('input', { bubbles: true }));
    },
    // In for the first half, out again for the second.
    zoom: (at) => {
      const wheel = { bubbles: true, cancelable: true, ctrlKey: true, deltaY: at < frames / 2 ? -40 : 40, clientX: x + width / 2, clientY: y + 60 };
      document.querySelector('.timeline').dispatchEvent(new WheelEvent('wheel', wheel));
    },
  }[kind];
  let redrawn = 0;
  let changed = false;
  const observer = new MutationObserver(() => { changed = true; });
  observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
  const times = [];
  let last;
  return new Promise((done) => {
    const frame = (now) => {
      if (last !== undefined) times.push(now - last);
      last = now;
      if (changed) redrawn += 1;
      changed = false;
      if (times.length === frames) {
        observer.disconnect();
        done({ times, redrawn });
        return;
      }
      requestAnimationFrame(frame);
      act(times.length);
    };
    requestAnimationFrame(frame);
  });
}
