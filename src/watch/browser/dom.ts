/** The element of the page with that id, of that class. Throws an Error where the page has none. */
export function byId<E extends HTMLElement>(id: string, type: new () => E): E {
  const element = document.getElementById(id);
  if (!(element instanceof type)) throw new Error(`the page has no ${type.name} with the id ${id}`);
  return element;
}

/** A new element with some properties and children. */
export function make<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
}

/** Has a screen reader say a sentence, for what is shown in many places or changes too often to be said each time. */
export function announce(sentence: string): void {
  byId("said", HTMLElement).textContent = sentence;
}

/** Shows a sentence, or hides its place. */
export function say(place: HTMLElement, sentence: string): void {
  place.hidden = sentence === "";
  if (place.textContent !== sentence) place.textContent = sentence;
}
