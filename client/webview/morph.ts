/**
 * Makes what is there equal to a new text, touching only what differs: focus, scrolling, selections and opened menus stay.
 * Elements with an id or a `data-key` are the same only with the same one.
 */
export function morph(live: Element, text: string): void {
  const template = document.createElement('template');
  template.innerHTML = text;
  morphChildren(live, template.content);
}

function morphChildren(live: Node, wanted: Node): void {
  let at = live.firstChild;
  for (const node of [...wanted.childNodes]) {
    const same: ChildNode | null = isSame(at, node) ? at : keyed(at, node);
    if (same === null) {
      live.insertBefore(node, at);
      continue;
    }
    // Those in between are gone.
    while (at !== same && at !== null) at = removed(at);
    morphNode(same, node);
    at = same.nextSibling;
  }
  while (at !== null) at = removed(at);
}

function removed(node: ChildNode): ChildNode | null {
  const next = node.nextSibling;
  node.remove();
  return next;
}

const keyOf = (node: Node): string => (node instanceof Element ? `${node.id} ${node.getAttribute('data-key') ?? ''}` : '');

function isSame(a: ChildNode | null, b: Node): boolean {
  return a !== null && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);
}

/** Further down among the siblings, for what has a key: a list may begin elsewhere now. */
function keyed(from: ChildNode | null, node: Node): ChildNode | null {
  if (keyOf(node).trim() === '') return null;
  for (let at = from; at !== null; at = at.nextSibling) if (isSame(at, node)) return at;
  return null;
}

function morphNode(live: ChildNode, wanted: Node): void {
  if (!(live instanceof Element && wanted instanceof Element)) {
    if (live.nodeValue !== wanted.nodeValue) live.nodeValue = wanted.nodeValue;
    return;
  }
  const before = chosenIn(live);
  for (const { name } of [...live.attributes]) if (!wanted.hasAttribute(name)) live.removeAttribute(name);
  for (const { name, value } of [...wanted.attributes]) if (live.getAttribute(name) !== value) live.setAttribute(name, value);
  morphChildren(live, wanted);
  const after = chosenIn(wanted);
  if (after !== undefined && after !== before) choose(live, after);
}

/** What a control is set to by its markup. Once a user has touched it that no longer shows by itself, so it is set where the markup changed; what is being typed is the user's. */
function chosenIn(node: Element): string | undefined {
  if (node instanceof HTMLInputElement) return node.type === 'checkbox' ? String(node.defaultChecked) : node.defaultValue;
  if (node instanceof HTMLSelectElement) return node.querySelector<HTMLOptionElement>('option[selected]')?.value;
  return undefined;
}

function choose(control: Element, value: string): void {
  if (control instanceof HTMLSelectElement) control.value = value;
  if (!(control instanceof HTMLInputElement)) return;
  if (control.type === 'checkbox') control.checked = value === 'true';
  else if (control.type === 'range' || control !== document.activeElement) control.value = value;
}
