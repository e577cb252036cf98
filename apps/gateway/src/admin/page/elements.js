/**
 * An element. `attributes` as in HTML; names that begin with `--` are style properties, functions are listeners. What goes in is text
 * or elements, never markup.
 */
export function element(tag, attributes = {}, ...content) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    if (typeof value === 'function') made.addEventListener(name, value);
    else if (name.startsWith('--')) made.style.setProperty(name, value);
    else made.setAttribute(name, value);
  }
  made.append(...content.flat().filter((part) => part !== undefined && part !== ''));
  return made;
}

export const byId = (id) => document.getElementById(id);

/** The part of a card that its panel fills. */
export const bodyOf = (id) => byId(id).querySelector('.body');

/** What stands where nothing can be said, and why. */
export function absent(why) {
  return element('div', { class: 'absent' }, element('b', {}, 'not known'), why);
}

/** The value of a colour of the style sheet, for canvases. */
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

/** Names beside numbers: `[name, number text, colour?, class?]`. */
export function pairs(list) {
  return element(
    'div',
    { class: 'pairs' },
    list.map(([name, number, tint, kind]) =>
      element(
        'span',
        { class: kind },
        tint === undefined ? '' : element('i', { '--colour': `var(--${tint})` }),
        `${name} `,
        element('b', {}, number),
      ),
    ),
  );
}

/** A canvas as sharp as the screen: sets its size and returns its context and size in CSS pixels. */
export function sharpCanvas(canvas) {
  const { clientWidth: width, clientHeight: height } = canvas;
  const ratio = window.devicePixelRatio || 1;
  canvas.width = Math.round(width * ratio);
  canvas.height = Math.round(height * ratio);
  const pen = canvas.getContext('2d');
  pen.scale(ratio, ratio);
  return { pen, width, height };
}
