export type Child = Node | string | undefined;

/** Makes an element; texts become text nodes, so nothing in them is ever read as markup. `undefined` and false attributes are left out. */
export function element(
  tag: string,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElement {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined && value !== false) made.setAttribute(name, value === true ? '' : value);
  }
  made.append(...children.filter((child) => child !== undefined));
  return made;
}

/** Replaces what `container` holds and gives the focus back to the element with the same id. */
export function redraw(container: HTMLElement, children: readonly Child[]): void {
  const focused = container.contains(document.activeElement) ? document.activeElement?.id : undefined;
  container.replaceChildren(...children.filter((child) => child !== undefined));
  if (focused) document.getElementById(focused)?.focus();
}

/** 16 px drawings, strokes in the text's colour. */
const drawings = {
  success: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5 8.3l2.1 2.1L11 6',
  failure: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM5.7 5.7l4.6 4.6M10.3 5.7l-4.6 4.6',
  unknown: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM6.2 6.3a1.8 1.8 0 1 1 2.6 1.6c-.6.3-.8.6-.8 1.3M8 11.3v.4',
  info: 'M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM8 7.2v4M8 4.8v.5',
  warning: 'M8 2L14.5 13.5H1.5ZM8 6.3v3.4M8 11.4v.5',
  copy: 'M5.5 5.5h8v8h-8zM3.5 10.5h-1v-8h8v1',
  done: 'M2.5 8.5l3.5 3.5l7.5-8',
  previous: 'M10 3L5 8l5 5',
  next: 'M6 3l5 5l-5 5',
  up: 'M8 13V3M4 7l4-4l4 4',
  down: 'M8 3v10M4 9l4 4l4-4',
  added: 'M8 3.5v9M3.5 8h9',
  removed: 'M3.5 8h9',
  changed: 'M3 11.5l7.5-7.5l2 2L5 13.5H3Z',
  order: 'M5 13V3M2.5 5.5L5 3l2.5 2.5M11 3v10M8.5 10.5L11 13l2.5-2.5',
  show: 'M1.5 8s2.5-4.5 6.5-4.5S14.5 8 14.5 8S12 12.5 8 12.5S1.5 8 1.5 8zM8 6a2 2 0 1 0 0 4a2 2 0 0 0 0-4z',
  hide: 'M1.5 8s2.5-4.5 6.5-4.5S14.5 8 14.5 8S12 12.5 8 12.5S1.5 8 1.5 8zM3 13.5L13 2.5',
  search: 'M6.8 2a4.8 4.8 0 1 0 0 9.6a4.8 4.8 0 0 0 0-9.6zM10.3 10.3l3.7 3.7',
  open: 'M9.5 2.5h4v4M13.5 2.5l-6 6M11.5 9.5v4h-9v-9h4',
} as const;

type IconName = keyof typeof drawings;

export function icon(name: IconName): SVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [attribute, value] of Object.entries({
    viewBox: '0 0 16 16',
    width: '16',
    height: '16',
    fill: 'none',
    stroke: 'currentColor',
    'stroke-width': '1.1',
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
    'aria-hidden': 'true',
    class: `icon icon-${name}`,
  })) {
    svg.setAttribute(attribute, value);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', drawings[name]);
  svg.append(path);
  return svg;
}

/** Runs `work` once the screen shows what was drawn so far. A page is not shown before it is loaded. */
export function afterPaint(work: () => void): void {
  if (document.readyState !== 'complete') {
    window.addEventListener('load', () => afterPaint(work), { once: true });
    return;
  }
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = work;
    port2.postMessage(undefined);
  });
}
