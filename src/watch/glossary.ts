import { html, Html } from "../report/html.ts";

/** The words of the specification's glossary as the items of a list of definitions. Each has the name word-... as a target of links. */
export function glossaryItems(page: string): Html {
  const glossary = /^## Glossary$(.*?)^## /ms.exec(page)?.[1] ?? "";
  const rows = [...glossary.matchAll(/^\| ([^|]+?) +\| ([^|]+?) +\|$/gm)].filter(
    ([, word]) => !/^(word|-+)$/.test(word!),
  );
  return html`${rows.map(
    ([, word, meaning]) =>
      html`<dt id="word-${word!.split(",")[0]!.replaceAll(" ", "-")}">${word!}</dt>
        <dd>${new Html(html`${meaning!}`.markup.replace(/`([^`]*)`/g, "<code>$1</code>"))}</dd>`,
  )}`;
}
